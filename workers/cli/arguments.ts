import { parseArgs } from 'node:util'
import type { EngineChoice } from '../../src/contracts/session.ts'

/** What the command line asks for. */
export type Command =
  | { readonly name: 'run'; readonly experiment: string; readonly engine: EngineChoice; readonly out: string; readonly weights: string | null; readonly data: string | null }
  | { readonly name: 'presets' }
  | { readonly name: 'help' }

export const USAGE = `Usage
  npm run lab -- run EXPERIMENT --out FOLDER [--engine ENGINE] [--weights FILE] [--data FILE]
  npm run lab -- presets

  EXPERIMENT  the name of a preset or an experiment file (.json)
  ENGINE      auto, cpu, cpu-relaxed, webgpu or reference (default: auto)
  --weights   start from the weights in an .npz or .safetensors file
  --data      train on x and y of an .npz file
  FOLDER      receives manifest.json, weights.safetensors, arrays.npz and metrics.csv`

const ENGINES: Readonly<Record<string, EngineChoice>> = {
  auto: 'auto',
  cpu: 'wasm',
  wasm: 'wasm',
  'cpu-relaxed': 'wasm-relaxed',
  webgpu: 'webgpu',
  reference: 'reference',
}

/** Reads the command line. Throws an error with one sentence when it makes no sense. */
export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      engine: { type: 'string', default: 'auto' },
      out: { type: 'string' },
      weights: { type: 'string' },
      data: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const [name, experiment, ...rest] = positionals
  if (values.help || name === undefined || name === 'help') return { name: 'help' }
  if (name === 'presets' && experiment === undefined) return { name: 'presets' }
  if (name === 'presets') throw new Error(`presets takes no argument, got "${experiment}"`)
  if (name !== 'run') throw new Error(`unknown command "${name}"; expected run or presets`)
  if (experiment === undefined) throw new Error('run needs an experiment: a preset or a .json file')
  if (rest.length > 0) throw new Error(`"${rest[0]}" is one argument too many; run takes one experiment`)
  if (values.out === undefined) throw new Error('run needs --out FOLDER for its results')
  const engine = Object.hasOwn(ENGINES, values.engine) ? ENGINES[values.engine] : undefined
  if (engine === undefined) throw new Error(`unknown engine "${values.engine}"; expected ${Object.keys(ENGINES).join(', ')}`)
  return { name: 'run', experiment, engine, out: values.out, weights: values.weights ?? null, data: values.data ?? null }
}
