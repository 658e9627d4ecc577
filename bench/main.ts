import { setFlagsFromString } from 'node:v8'
import { benchCpu } from './cpu.ts'
import { benchMemory } from './memory.ts'
import { benchPage } from './page.ts'
import { benchSpectrum } from './spectrum.ts'
import { benchTorch } from './pytorch.ts'
import { benchWebGpu } from './webgpu.ts'
import type { Ratio } from './lib/measure.ts'

// Node 20 has relaxed SIMD behind a flag of V8; later versions know it without.
setFlagsFromString('--experimental-wasm-relaxed-simd')

const CASES: Readonly<Record<string, () => Promise<readonly Ratio[]>>> = {
  cpu: benchCpu,
  pytorch: benchTorch,
  spectrum: benchSpectrum,
  webgpu: benchWebGpu,
  page: benchPage,
  memory: benchMemory,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(CASES, name))
if (unknown.length > 0) {
  console.error(`Unknown benchmark ${unknown.join(', ')}; expected ${Object.keys(CASES).join(', ')}.`)
  process.exit(1)
}

const ratios: Ratio[] = []
for (const [name, run] of Object.entries(CASES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`\n${name}`)
  for (const entry of await run()) {
    console.log(`  ${entry.name}: ${entry.value.toPrecision(3)}  (${entry.text})`)
    ratios.push(entry)
  }
}
console.log()
for (const { name, value } of ratios) console.log(`ratio ${name} ${value.toPrecision(4)}`)
process.exit(0)
