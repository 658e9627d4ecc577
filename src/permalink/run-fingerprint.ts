import type { EngineChoice } from '../contracts/session.ts'

/** Short hash of the weights after an epoch, and the engine that computed it. In a link: `fp=wasm.10.9f3c2a1b`. */
export interface RunFingerprint {
  readonly engine: Exclude<EngineChoice, 'auto'>
  readonly epoch: number
  /** Lower-case hexadecimal. */
  readonly hash: string
}

const FORM = /^(wasm|wasm-relaxed|webgpu|reference)\.(\d{1,4})\.([0-9a-z]{1,64})$/

export function formatFingerprint({ engine, epoch, hash }: RunFingerprint): string {
  return `${engine}.${String(epoch)}.${hash}`
}

/** The fingerprint, or null for any other text. */
export function parseFingerprint(text: string): RunFingerprint | null {
  const found = FORM.exec(text)
  if (found === null) return null
  return { engine: found[1] as RunFingerprint['engine'], epoch: Number(found[2]), hash: found[3] }
}
