import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'

/**
 * Newest modification time below a path, in ms; 0 when it does not exist.
 * Folders count too, so that a removed file is noticed.
 * @param {string} place
 * @returns {number}
 */
export function newestChange(place) {
  const stat = statSync(place, { throwIfNoEntry: false })
  if (stat === undefined) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(place).reduce(
    (newest, name) => Math.max(newest, newestChange(path.join(place, name))),
    stat.mtimeMs,
  )
}

/**
 * @param {string} output the file written last by the build
 * @param {readonly string[]} inputs files and folders it is made from
 */
export function isUpToDate(output, inputs) {
  const built = statSync(output, { throwIfNoEntry: false })?.mtimeMs
  return built !== undefined && inputs.every((input) => newestChange(input) <= built)
}
