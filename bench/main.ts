import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { benchAutotune } from './autotune.ts'
import { benchCpu } from './cpu.ts'
import { benchEigen } from './eigen.ts'
import { benchEvaluation } from './evaluation.ts'
import { benchKronecker } from './kronecker.ts'
import { benchLinear } from './linear.ts'
import { benchMemory } from './memory.ts'
import { benchOptimisers } from './optimisers.ts'
import { benchPage } from './page.ts'
import { benchPairs } from './pairs.ts'
import { benchSharedProducts } from './shared-products.ts'
import { benchSpectrum } from './spectrum.ts'
import { benchSteps } from './steps.ts'
import { benchTop20 } from './top20.ts'
import { benchTorch } from './pytorch.ts'
import { benchWebGpu } from './webgpu.ts'
import { benchWebGpuSteps } from './webgpu-steps.ts'
import { describeAim, type BenchOptions, type Ratio } from './lib/measure.ts'
import { subjectNames } from './lib/subjects.ts'

// Node 20 has relaxed SIMD behind a flag of V8; later versions know it without.
setFlagsFromString('--experimental-wasm-relaxed-simd')

const CASES: Readonly<Record<string, (options: BenchOptions) => Promise<readonly Ratio[]>>> = {
  cpu: benchCpu,
  pytorch: benchTorch,
  steps: benchSteps,
  optimisers: benchOptimisers,
  evaluation: benchEvaluation,
  spectrum: benchSpectrum,
  top20: benchTop20,
  pairs: benchPairs,
  eigen: benchEigen,
  kronecker: benchKronecker,
  linear: benchLinear,
  'shared-products': benchSharedProducts,
  webgpu: benchWebGpu,
  'webgpu-steps': benchWebGpuSteps,
  autotune: benchAutotune,
  page: benchPage,
  memory: benchMemory,
}

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string' }, networks: { type: 'string' }, sizes: { type: 'string' }, full: { type: 'boolean' } },
})
const options: BenchOptions = {
  rounds: values.rounds === undefined ? null : Number(values.rounds),
  networks: values.networks?.split(',') ?? null,
  sizes: values.sizes?.split(',').map(Number) ?? null,
  isFull: values.full === true || wanted.length === 0,
}
refuse('benchmark', wanted, Object.keys(CASES))
refuse('network', options.networks ?? [], subjectNames)
if (options.sizes?.some((size) => !(Number.isInteger(size) && size > 0)) === true) fail(`--sizes=${values.sizes} are no sizes; expected whole numbers.`)
if (options.rounds !== null && !(options.rounds >= 1)) fail(`--rounds=${values.rounds} is no number of rounds; expected 1 or more.`)

const ratios: Ratio[] = []
let status = 0
for (const [name, run] of Object.entries(CASES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`\n${name}`)
  try {
    ratios.push(...(await run(options)).map(print))
  } catch (error) {
    console.log(`  Not measured: ${error instanceof Error ? error.message : String(error)}`)
    status = 1
  }
}
console.log()
for (const entry of ratios) console.log(`ratio ${entry.name} ${entry.value.toPrecision(4)} ${describeAim(entry)}`.trim())
process.exit(status)

function print(entry: Ratio): Ratio {
  console.log(`  ${[`${entry.name}: ${entry.value.toPrecision(3)}`, describeAim(entry)].filter(Boolean).join(', ')}  (${entry.text})`)
  return entry
}

function refuse(what: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.filter((name) => !known.includes(name))
  if (unknown.length > 0) fail(`Unknown ${what} ${unknown.join(', ')}; expected ${known.join(', ')}.`)
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
