// Checks how much JavaScript a visitor downloads before anything can be clicked: everything that the
// page and the lab worker import statically. What loads later (Plotly, KaTeX, engines) is listed.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { parseAst } from 'vite'

const BUDGET_KB = 400
const LAB_WORKER = /(^|\/)lab[.-]worker[^/]*\.js$/

/** @param {string} file @returns {string[]} absolute paths of the chunks it imports statically */
function staticImports(file) {
  const statements = parseAst(readFileSync(file, 'utf8'), {}, file).body
  return statements
    .map((statement) => (/^(Import|Export)/.test(statement.type) ? statement.source?.value : undefined))
    .filter((source) => source !== undefined && source.startsWith('.'))
    .map((source) => path.resolve(path.dirname(file), source))
}

/** @param {readonly string[]} entries @returns {Set<string>} entries and what they import, however deep */
function reachable(entries) {
  const seen = new Set()
  const open = [...entries]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    open.push(...staticImports(file))
  }
  return seen
}

/** @param {string} dist @returns {string[]} scripts that index.html loads */
function pageEntries(dist) {
  const html = readFileSync(path.join(dist, 'index.html'), 'utf8')
  const scripts = [...html.matchAll(/<script\b[^>]*\bsrc="([^"]+)"/g)].map((match) => match[1])
  const preloads = [...html.matchAll(/<link\b[^>]*\brel="modulepreload"[^>]*\bhref="([^"]+)"/g)].map((match) => match[1])
  return [...scripts, ...preloads].map((address) => path.join(dist, address.replace(/^\.?\//, '')))
}

/**
 * @param {string} dist folder of the built page
 * @returns {{name: string, kb: number, startup: boolean}[]} scripts with gzip sizes in kB (1000 bytes), large ones first
 */
export function scriptSizes(dist) {
  const names = readdirSync(dist, { recursive: true }).map((name) => String(name).replaceAll('\\', '/'))
  const scripts = names.filter((name) => name.endsWith('.js')).map((name) => path.join(dist, name))
  const workers = scripts.filter((file) => LAB_WORKER.test(file.replaceAll('\\', '/')))
  if (workers.length === 0) throw new Error(`${dist} holds no lab worker chunk; expected a file named like lab.worker-*.js.`)
  const startup = reachable([...pageEntries(dist), ...workers])
  return scripts
    .map((file) => ({
      name: path.relative(dist, file),
      kb: gzipSync(readFileSync(file), { level: 9 }).length / 1000,
      startup: startup.has(file),
    }))
    .sort((a, b) => b.kb - a.kb)
}

/** @param {string} title @param {readonly {name: string, kb: number}[]} rows */
function printTable(title, rows) {
  console.log(title)
  for (const { name, kb } of rows) console.log(`${kb.toFixed(1).padStart(9)} kB  ${name}`)
}

function main() {
  const dist = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'dist')
  if (!existsSync(path.join(dist, 'index.html'))) throw new Error(`${dist} holds no built page; run npm run build first.`)
  const sizes = scriptSizes(dist)
  const startup = sizes.filter((script) => script.startup)
  const total = startup.reduce((sum, { kb }) => sum + kb, 0)
  printTable('Loaded at the start (gzip):', startup)
  printTable('Loaded when first needed (gzip):', sizes.filter((script) => !script.startup))
  console.log(`Start-up JavaScript: ${total.toFixed(1)} kB of ${BUDGET_KB} kB`)
  if (total >= BUDGET_KB) throw new Error('start-up JavaScript is over its budget; load what the first view does not need with import().')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    main()
  } catch (error) {
    console.error(`bundle: ${error.message}`)
    process.exitCode = 1
  }
}
