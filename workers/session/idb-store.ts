import { openDB, type IDBPDatabase } from 'idb'
import { createMemoryStore, sizeOf, type ResultStore } from './store.ts'

const DATABASE = 'hessian-lab-results'
const RESULTS = 'results'
const LEDGER = 'ledger'

/** Bytes of results kept at most; the oldest go first. A checkpoint of MLP 50 takes 340 kB. */
const BUDGET = 512 * 1024 * 1024

/** What is known of a result without reading it. */
interface LedgerEntry {
  readonly key: string
  readonly savedAt: number
  readonly bytes: number
}

/** Results in IndexedDB, so that a reload resumes; in memory, with the reason, where that is refused. */
export function createBrowserStore(): ResultStore {
  const opened = openStore()
  return {
    volatileBecause: async () => (await opened).volatileBecause(),
    get: async <T>(key: string) => (await opened).get<T>(key),
    put: async (key, value) => (await opened).put(key, value),
  }
}

async function openStore(): Promise<ResultStore> {
  try {
    const database = await openDB(DATABASE, 1, {
      upgrade: (db) => {
        db.createObjectStore(RESULTS)
        db.createObjectStore(LEDGER, { keyPath: 'key' })
      },
    })
    return databaseStore(database)
  } catch {
    return createMemoryStore('This browser refuses storage (private window, or no space): results are gone after a reload. Export the run to keep them.')
  }
}

/** What does not fit into the database any more is kept while the page lives. */
function databaseStore(database: IDBPDatabase): ResultStore {
  const overflow = createMemoryStore(null)
  return {
    volatileBecause: () => Promise.resolve(null),
    async get<T>(key: string) {
      const value = (await database.get(RESULTS, key)) as T | undefined
      return value === undefined ? overflow.get<T>(key) : value
    },
    async put(key, value) {
      try {
        await write(database, key, value)
        await evict(database)
      } catch {
        await overflow.put(key, value)
      }
    },
  }
}

async function write(database: IDBPDatabase, key: string, value: unknown): Promise<void> {
  const transaction = database.transaction([RESULTS, LEDGER], 'readwrite')
  const entry: LedgerEntry = { key, savedAt: Date.now(), bytes: sizeOf(value) }
  await Promise.all([transaction.objectStore(RESULTS).put(value, key), transaction.objectStore(LEDGER).put(entry), transaction.done])
}

async function evict(database: IDBPDatabase): Promise<void> {
  const entries = (await database.getAll(LEDGER)) as LedgerEntry[]
  entries.sort((a, b) => a.savedAt - b.savedAt)
  let held = entries.reduce((sum, { bytes }) => sum + bytes, 0)
  for (const { key, bytes } of entries.slice(0, -1)) {
    if (held <= BUDGET) return
    await Promise.all([database.delete(RESULTS, key), database.delete(LEDGER, key)])
    held -= bytes
  }
}
