import type { EngineChoice } from '../contracts/session.ts'

/** Short hash of the weights after an epoch, and the engine that computed it. In a link: `fp=wasm.10-3fa94b21`. */
export interface RunFingerprint {
  readonly engine: Exclude<EngineChoice, 'auto'>
  readonly epoch: number
  /** First digits of the SHA-256 of the weights, lower-case hexadecimal. */
  readonly hash: string
}

const IN_LINK = /^(wasm|wasm-relaxed|webgpu|reference)\.(\d{1,4})-([0-9a-f]{1,64})$/

export function formatFingerprint({ engine, epoch, hash }: RunFingerprint): string {
  return `${engine}.${String(epoch)}-${hash}`
}

/** The fingerprint in a link, or null for any other text. */
export function parseFingerprint(text: string): RunFingerprint | null {
  const found = IN_LINK.exec(text)
  return found === null ? null : { engine: found[1] as RunFingerprint['engine'], epoch: Number(found[2]), hash: found[3] }
}
