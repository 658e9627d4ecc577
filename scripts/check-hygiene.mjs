// Checks of the repository that no compiler makes: leftovers, escapes from the type system, long files,
// and traces of the machine that wrote it.
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'

const LONGEST_FILE = 400
const SOURCE = /\.(ts|tsx|mjs|cjs|js|css|html)$/
const TYPED = /\.tsx?$/
const TEXT = /(\.(ts|tsx|mjs|cjs|js|css|html|json|md|yml|yaml|svg|txt|py)|(^|\/)(\.npmrc|\.gitignore|run))$/
const LENGTH_EXEMPT = /^(fixtures|docs)\//
/**
 * The other side of a message channel may stay untyped, and AssemblyScript's top-level decorators are
 * no TypeScript. ESLint refuses `any` itself; here only its silencing is looked for.
 */
const ESCAPES_ALLOWED = /^(src\/contracts\/wire\.ts$|workers\/engine\/wasm\/assembly\/)/

/** Words are put together so that this file passes its own check. */
const LEFTOVER = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`)
const TYPE_ESCAPE = /@ts-(ignore|nocheck)|eslint-disable.*(no-explicit-any|no-non-null|ban-ts-comment)/
const REGISTRY = /https?:\/\/([\w-]+\.)*(registry|npmmirror)\.[\w.-]+/i
const ONE_MACHINE = /(^|["'`\s(=])\/(home|root|Users|work)\/\w/

const LINE_RULES = [
  { name: 'leftover mark', files: SOURCE, pattern: LEFTOVER },
  { name: 'escape from the type system', files: TYPED, pattern: TYPE_ESCAPE, except: ESCAPES_ALLOWED },
  { name: 'package registry host', files: TEXT, pattern: REGISTRY },
  { name: 'path of one machine', files: TEXT, pattern: ONE_MACHINE },
]

/**
 * @param {string} file path from the project root, with forward slashes
 * @param {string} text
 * @returns {string[]} one line per offence
 */
export function offencesIn(file, text) {
  const lines = text.split('\n')
  const offences = []
  for (const { name, files, pattern, except } of LINE_RULES) {
    if (!files.test(file) || except?.test(file)) continue
    lines.forEach((line, i) => {
      if (pattern.test(line)) offences.push(`${file}:${i + 1}: ${name}: ${line.trim().slice(0, 100)}`)
    })
  }
  if (SOURCE.test(file) && !LENGTH_EXEMPT.test(file) && lines.length - 1 > LONGEST_FILE) {
    offences.push(`${file}: ${lines.length - 1} lines, at most ${LONGEST_FILE}; split it by idea`)
  }
  return offences
}

/**
 * @param {string} text of package-lock.json
 * @returns {string[]} one line per package that names where it was downloaded
 */
export function lockOffences(text) {
  const packages = JSON.parse(text).packages
  return Object.entries(packages)
    .filter(([, entry]) => /^https?:/.test(entry.resolved ?? ''))
    .map(([place]) => `package-lock.json: ${place} has a resolved address; run npm install with the project's .npmrc`)
}

/** @param {string} root @returns {string[]} tracked files, and new ones that git does not ignore */
function projectFiles(root) {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  return list.split('\n').filter((file) => file !== '' && statSync(path.join(root, file), { throwIfNoEntry: false })?.isFile())
}

function main() {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
  const files = projectFiles(root)
  const offences = files
    .filter((file) => TEXT.test(file))
    .flatMap((file) => {
      const text = readFileSync(path.join(root, file), 'utf8')
      return file === 'package-lock.json' ? lockOffences(text) : offencesIn(file, text)
    })
  for (const offence of offences) console.log(offence)
  console.log(`${files.length} files, ${offences.length} offences`)
  process.exitCode = files.length > 0 && offences.length === 0 ? 0 : 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
