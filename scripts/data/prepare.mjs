import { rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { npmArchive } from './npm-archive.mjs'
import { readTar } from './tar.mjs'
import { readPrepared, shardsOf, writeDataset } from './write-shards.mjs'

const count = (number) => number.toLocaleString('en')

function summary(index) {
  const bytes = shardsOf(index).reduce((sum, shard) => sum + shard.compressedBytes, 0)
  const { train, test } = index.splits
  return `${count(train.count)} + ${count(test.count)} images, ${shardsOf(index).length} shards, ${count(bytes)} bytes, ${index.sha256.slice(0, 12)}`
}

/** The splits; an archive that cannot be read is removed, so that the next run fetches it anew. */
async function readArchive(archive, read, path) {
  try {
    return read(readTar(gunzipSync(archive)))
  } catch (cause) {
    await rm(path, { force: true })
    throw new Error(`${path} is damaged (${cause.message}); it was removed, run this again to fetch it anew`, { cause })
  }
}

/**
 * Makes sure public/data/<name> under `root` is complete; returns at once when it is.
 * @param {object} recipe
 * @param {{name: string, version: string}} recipe.facts name, version and shape of the data set
 * @param {{name: string, version: string, archive: string}} recipe.source the package that holds its files
 * @param {number} recipe.perShard images per shard
 * @param {(files: Map<string, Buffer>) => {train: object, test: object}} recipe.read splits as `writeDataset` takes them, every
 * digest checked before it returns
 * @param {{root: string, log?: (line: string) => void, force?: boolean}} options
 * @returns the content of index.json
 * @throws {Error} one sentence with the remedy, when offline without a cached archive or when the archive is damaged
 */
export async function prepareDataset({ facts, source, perShard, read }, { root, log = () => {}, force = false }) {
  const say = (line) => log(`${facts.name}: ${line}`)
  const target = join(root, 'public', 'data', facts.name)
  const prepared = force ? null : await readPrepared(target, facts.version)
  if (prepared) {
    say(`ready, ${summary(prepared)}`)
    return prepared
  }
  const cache = join(root, '.cache')
  const archive = await npmArchive(source, { cache, log: say })
  const splits = await readArchive(archive, read, join(cache, source.archive))
  say('archive verified, writing shards')
  const index = await writeDataset(target, facts, splits, perShard)
  say(`wrote ${target}: ${summary(index)}`)
  return index
}

/**
 * Runs `prepare` with the command line's options when the script at `url` is what Node was started with.
 * @param {string} url the script's import.meta.url
 * @param {(options: object, args: string[]) => Promise<unknown>} prepare
 */
export function runAsCommand(url, prepare) {
  const script = fileURLToPath(url)
  if (!process.argv[1] || resolve(process.argv[1]) !== script) return
  const args = process.argv.slice(2)
  const root = dirname(dirname(script))
  Promise.resolve({ root, log: console.log, force: args.includes('--force') })
    .then((options) => prepare(options, args))
    .catch((error) => {
      console.error(`${script.split(/[\\/]/).at(-1).replace(/\.mjs$/, '')}: ${error.message}`)
      process.exitCode = 1
    })
}
