import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { runNpm } from './run.mjs'

/**
 * @param {string} file
 * @returns {Record<string, {version?: string, optional?: boolean, devOptional?: boolean, link?: boolean}>}
 */
function lockedPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
}

/**
 * Whether node_modules holds what package-lock.json asks for. Versions are compared, not file times:
 * a checkout or a copy changes the times of files that are the same.
 * @param {string} root
 */
export function dependenciesAreCurrent(root) {
  const installedLock = path.join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installedLock)) return false
  const installed = lockedPackages(installedLock)
  return Object.entries(lockedPackages(path.join(root, 'package-lock.json'))).every(
    ([place, wanted]) =>
      place === '' || wanted.optional || wanted.devOptional || wanted.link || installed[place]?.version === wanted.version,
  )
}

/**
 * Installs the locked dependencies when they are missing or differ from the lock file.
 * @param {string} root
 * @param {(line: string) => void} log
 * @throws {Error} when npm fails
 */
export async function ensureDependencies(root, log) {
  if (dependenciesAreCurrent(root)) return
  log('Installing dependencies with npm ci; about a minute the first time.')
  const code = await runNpm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root })
  if (code !== 0) {
    throw new Error(`npm ci ended with code ${code}; check the network connection and the lines above, then run the command again.`)
  }
}
