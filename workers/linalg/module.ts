import { base64 as sharedBinary } from './generated/shared.ts'
import { base64 as singleBinary } from './generated/single.ts'

/** What the AssemblyScript module exports. Jobs take their arguments from memory, see `layout.ts`. */
export interface KernelModule {
  /** Does a job with so many threads, this one among them. */
  lead(kind: number, threads: number): void
  /** Takes part in jobs until told to leave. */
  follow(thread: number, threads: number): void
}

/** For threads with shared memory, or for one thread alone: the same source, the same bits. */
export type Variant = 'shared' | 'single'

const compiled = new Map<Variant, Promise<WebAssembly.Module>>()

/** Compiles a variant, once. Throws a RangeError where WebAssembly SIMD is missing. */
export function compileKernels(variant: Variant): Promise<WebAssembly.Module> {
  const known = compiled.get(variant)
  if (known) return known
  const binary = Uint8Array.from(atob(variant === 'shared' ? sharedBinary : singleBinary), (character) => character.charCodeAt(0))
  const module = WebAssembly.validate(binary)
    ? WebAssembly.compile(binary)
    : Promise.reject(new RangeError(`linear algebra: this browser lacks ${variant === 'shared' ? 'threads of WebAssembly' : 'WebAssembly SIMD'}; use a newer one`))
  compiled.set(variant, module)
  return module
}

/** Whether threads can work on one memory here: pages need cross-origin isolation for it. */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated
  return isolated !== false
}

/** Milliseconds after which a sleeping thread looks again by itself. */
const NAP = 1000

export async function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<KernelModule> {
  const word = (place: number): readonly [Int32Array, number] => [new Int32Array(memory.buffer, place, 1), 0]
  const sleep = (place: number, old: number): void => void Atomics.wait(...word(place), old, NAP)
  const wake = (place: number): void => void Atomics.notify(...word(place))
  const { exports } = await WebAssembly.instantiate(module, { env: { memory, abort, sleep, wake } })
  return exports as unknown as KernelModule
}

function abort(): never {
  throw new Error('linear algebra: a kernel aborted')
}
