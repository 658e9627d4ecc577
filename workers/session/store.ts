/** Keeps results under content keys. Values are plain data with typed arrays. */
export interface ResultStore {
  get<T>(key: string): Promise<T | null>
  /** Null forgets what was stored. */
  put(key: string, value: unknown): Promise<void>
  /** Human reason when results will not survive a reload; null when they will. */
  volatileBecause(): Promise<string | null>
}

/** Bytes kept by the volatile store: enough to go back and forth between a few settings. */
const MEMORY_BYTES = 256 * 1024 * 1024

/** Keeps results while the session lives: Node, and browsers that offer no storage. The oldest go first. */
export function createMemoryStore(reason: string | null, budget = MEMORY_BYTES): ResultStore {
  const entries = new Map<string, { readonly value: unknown; readonly bytes: number }>()
  let held = 0
  const drop = (key: string): void => {
    held -= entries.get(key)?.bytes ?? 0
    entries.delete(key)
  }
  return {
    volatileBecause: () => Promise.resolve(reason),
    get: <T>(key: string) => Promise.resolve((entries.get(key)?.value as T | undefined) ?? null),
    put: (key, value) => {
      drop(key)
      const bytes = sizeOf(value)
      entries.set(key, { value, bytes })
      held += bytes
      for (const oldest of entries.keys()) {
        if (held <= budget || oldest === key) break
        drop(oldest)
      }
      return Promise.resolve()
    },
  }
}

/** Bytes of the typed arrays in plain data, and a little for everything else. */
export function sizeOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (typeof value !== 'object' || value === null) return 8
  return Object.values(value).reduce((sum: number, entry) => sum + sizeOf(entry), 16)
}
