/**
 * Compiles workers/engine/wasm/assembly to two WebAssembly binaries (plain and relaxed SIMD) and embeds them as
 * base64 in TypeScript modules, so that browser, worker and Node load them in the same way. Skips what is newer
 * than its sources; `--force` compiles regardless.
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const sources = join(root, 'workers/engine/wasm/assembly')
const generated = join(root, 'workers/engine/wasm/generated')
const force = process.argv.includes('--force')

const options = [
  '-O3', '--noAssert', '--runtime', 'stub',
  '--importMemory', '--initialMemory', '1', '--maximumMemory', '65536',
  '--enable', 'simd',
]

const targets = [
  { name: 'simd', extra: [] },
  { name: 'relaxed', extra: ['--enable', 'relaxed-simd'] },
]

function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function newestSource() {
  const files = readdirSync(sources).map((file) => join(sources, file))
  return Math.max(changedAt(fileURLToPath(import.meta.url)), ...files.map(changedAt))
}

async function compile(extra) {
  let binary
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'module.wasm', ...options, ...extra], {
    readFile: (name, base) => readSource(join(base, name)),
    listFiles: () => [],
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = contents
    },
  })
  if (error || !binary) throw new Error(`build-wasm: the AssemblyScript compiler refused ${sources}:\n${stderr.toString()}`)
  return binary
}

function readSource(name) {
  const path = join(sources, name)
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : null
}

function embed(binary) {
  const base64 = Buffer.from(binary).toString('base64')
  return `/** Made by scripts/build-wasm.mjs from ../assembly. ${binary.length} bytes of WebAssembly, base64. */\nexport const base64 =\n  '${base64}'\n`
}

mkdirSync(generated, { recursive: true })
const newest = newestSource()
for (const { name, extra } of targets) {
  const path = join(generated, `${name}.ts`)
  if (!force && changedAt(path) > newest) continue
  const binary = await compile(extra)
  writeFileSync(path, embed(binary))
  console.log(`build-wasm: ${name}, ${binary.length} bytes`)
}
