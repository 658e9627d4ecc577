#!/usr/bin/env node
/**
 * Prepares data sets by name, after installing what that needs:
 *
 *   npm run data -- mnist|cifar10 [--force] [--images N]
 */
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { ensureDependencies } from './lib/install.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const log = (line) => console.log(line)

/** Loaded late, since they import packages. */
const PREPARE = {
  mnist: async () => (await import('./prepare-mnist.mjs')).prepareMnist,
  cifar10: async () => (await import('./prepare-cifar10.mjs')).prepareCifar10,
}

async function main([name, ...args]) {
  if (!Object.hasOwn(PREPARE, name ?? '')) {
    throw new Error(`${name === undefined ? 'no data set named' : `no data set is called ${name}`}; give one of ${Object.keys(PREPARE).join(', ')}, for example npm run data -- cifar10`)
  }
  await ensureDependencies(root, log)
  const prepare = await PREPARE[name]()
  await prepare({ root, log, force: args.includes('--force') }, args)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(`npm run data: ${error.message}`)
  process.exitCode = 1
}
