import { base64 } from './generated/single.ts'

/** Sums over rows in memory; places are in bytes, a list is one of row addresses, see `assembly/index.ts`. */
export interface RowKernels {
  coefficients(list: number, count: number, y: number, n: number, sums: number): void
  combine(list: number, count: number, offset: number, y: number, length: number, c: number, sign: number): void
  square(x: number, n: number): number
  scale(x: number, n: number, alpha: number): void
}

let compiled: Promise<WebAssembly.Module | null> | null = null

/** Compiles the kernels, once; null where WebAssembly SIMD is missing. */
export function compileRows(): Promise<WebAssembly.Module | null> {
  compiled ??= compile()
  return compiled
}

async function compile(): Promise<WebAssembly.Module | null> {
  const binary = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  return WebAssembly.validate(binary) ? WebAssembly.compile(binary) : null
}

export function instantiateRows(module: WebAssembly.Module, memory: WebAssembly.Memory): RowKernels {
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as RowKernels
}

function abort(): never {
  throw new Error('rows: a kernel aborted')
}
