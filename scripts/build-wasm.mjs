/**
 * Compiles the AssemblyScript of workers/engine/wasm (plain and relaxed SIMD), of workers/linalg (for threads with shared
 * memory and for one thread) and of workers/linalg/rows to WebAssembly binaries and embeds them as base64 in TypeScript
 * modules, so that browser, worker and Node load them in the same way. Skips what is newer than its sources; `--force`
 * compiles regardless.
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const force = process.argv.includes('--force')

const options = [
  '-O3', '--noAssert', '--runtime', 'stub',
  '--importMemory', '--initialMemory', '1', '--maximumMemory', '65536',
  '--enable', 'simd',
]

const modules = [
  {
    home: join(root, 'workers/engine/wasm'),
    targets: [
      { name: 'simd', extra: [] },
      { name: 'relaxed', extra: ['--enable', 'relaxed-simd'] },
    ],
  },
  {
    home: join(root, 'workers/linalg'),
    targets: [
      { name: 'shared', extra: ['--sharedMemory', '--enable', 'threads'] },
      { name: 'single', extra: [] },
    ],
  },
  { home: join(root, 'workers/linalg/rows'), targets: [{ name: 'single', extra: [] }] },
]

function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function newestSource(sources) {
  const files = readdirSync(sources).map((file) => join(sources, file))
  return Math.max(changedAt(fileURLToPath(import.meta.url)), ...files.map(changedAt))
}

async function compile(sources, extra) {
  let binary
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'module.wasm', ...options, ...extra], {
    readFile: (name, base) => readSource(sources, join(base, name)),
    listFiles: () => [],
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = contents
    },
  })
  if (error || !binary) throw new Error(`build-wasm: the AssemblyScript compiler refused ${sources}:\n${stderr.toString()}`)
  return binary
}

function readSource(sources, name) {
  const path = join(sources, name)
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : null
}

function embed(binary) {
  const base64 = Buffer.from(binary).toString('base64')
  return `/** Made by scripts/build-wasm.mjs from ../assembly. ${binary.length} bytes of WebAssembly, base64. */\nexport const base64 =\n  '${base64}'\n`
}

for (const { home, targets } of modules) {
  const [sources, generated] = [join(home, 'assembly'), join(home, 'generated')]
  mkdirSync(generated, { recursive: true })
  const newest = newestSource(sources)
  for (const { name, extra } of targets) {
    const path = join(generated, `${name}.ts`)
    if (!force && changedAt(path) > newest) continue
    const binary = await compile(sources, extra)
    writeFileSync(path, embed(binary))
    console.log(`build-wasm: ${relative(root, home)} ${name}, ${binary.length} bytes`)
  }
}
