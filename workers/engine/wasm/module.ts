import { EngineError } from '../engine.ts'
import { base64 as relaxedBinary } from './generated/relaxed.ts'
import { base64 as plainBinary } from './generated/simd.ts'

/** What the AssemblyScript module exports. Addresses are unsigned; JavaScript's numbers wrap to them. */
export interface KernelModule {
  /** First address that the host may use. */
  heapBase(): number
  /** Bytes of scratch the kernel at `descriptor` needs. */
  scratchBytes(descriptor: number): number
  /** η, β, λ, β₂, ε, 1 − β, 1 − β₂ and 1 − d of the replays that follow, each rounded once to single precision. */
  setRates(
    learningRate: number,
    momentum: number,
    weightDecay: number,
    secondMomentum: number,
    epsilon: number,
    restOfMomentum: number,
    restOfSecond: number,
    restOfWeights: number,
  ): void
  /** Runs the kernels listed at `program` once. */
  replay(program: number, kernels: number, scratch: number, cursor: number): void
}

export type Variant = 'plain' | 'relaxed'

const compiled = new Map<Variant, Promise<WebAssembly.Module>>()

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

/** Whether this machine runs a variant. */
export function isSupported(variant: Variant): boolean {
  return WebAssembly.validate(decode(variant === 'plain' ? plainBinary : relaxedBinary))
}

function compile(variant: Variant): Promise<WebAssembly.Module> {
  const known = compiled.get(variant)
  if (known) return known
  const module = WebAssembly.compile(decode(variant === 'plain' ? plainBinary : relaxedBinary))
  compiled.set(variant, module)
  return module
}

/** Instantiates a variant on a memory. Throws `EngineError('unavailable')` where SIMD is missing. */
export async function instantiate(variant: Variant, memory: WebAssembly.Memory): Promise<KernelModule> {
  if (!isSupported(variant)) {
    throw new EngineError('unavailable', `wasm engine: this browser lacks WebAssembly ${variant} SIMD; use a newer browser or another engine`)
  }
  const { exports } = await WebAssembly.instantiate(await compile(variant), { env: { memory, abort } })
  return exports as unknown as KernelModule
}

function abort(): never {
  throw new EngineError('compile', 'wasm engine: a kernel aborted')
}
