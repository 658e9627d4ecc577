import process from 'node:process'

const MINIMUM = [20, 19]

/**
 * @param {string} version such as `20.19.1`
 * @returns {string | undefined} one sentence when this Node is too old
 */
export function nodeVersionProblem(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [needMajor, needMinor] = MINIMUM
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return undefined
  return `Node ${version} is too old: this project needs Node ${MINIMUM.join('.')} or newer. Install a current Node and run the command again.`
}
