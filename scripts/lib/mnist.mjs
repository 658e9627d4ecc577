import path from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Prepares the MNIST shards under public/data/; quick when they are there already.
 * The module is loaded late because it may import packages that npm ci has just installed.
 * @param {string} root
 * @param {(line: string) => void} log
 */
export async function ensureMnist(root, log) {
  const module = await import(pathToFileURL(path.join(root, 'scripts', 'prepare-mnist.mjs')).href)
  await module.prepareMnist({ root, log })
}
