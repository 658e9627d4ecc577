/** Keeps results under content keys. Values are plain data with typed arrays. */
export interface ResultStore {
  get<T>(key: string): Promise<T | null>
  put(key: string, value: unknown): Promise<void>
  /** Human reason when results will not survive a reload; null when they will. */
  volatileBecause(): Promise<string | null>
}

/** Entries kept by the volatile store: enough to go back and forth between a few settings. */
const MEMORY_ENTRIES = 64

/** Keeps results while the session lives: Node, and browsers that offer no storage. */
export function createMemoryStore(reason: string | null): ResultStore {
  const entries = new Map<string, unknown>()
  return {
    volatileBecause: () => Promise.resolve(reason),
    get: <T>(key: string) => Promise.resolve((entries.get(key) as T | undefined) ?? null),
    put: (key, value) => {
      entries.delete(key)
      entries.set(key, value)
      const oldest = entries.keys().next()
      if (entries.size > MEMORY_ENTRIES && oldest.done !== true) entries.delete(oldest.value)
      return Promise.resolve()
    },
  }
}
