import { openDB, type IDBPDatabase } from 'idb'
import { createMemoryStore, type ResultStore } from './store.ts'

const DATABASE = 'hessian-lab'
const RESULTS = 'results'

/** Results kept at most; the oldest go first. A checkpoint of MLP 50 takes 340 kB. */
const MAX_ENTRIES = 600

interface Entry {
  readonly key: string
  readonly savedAt: number
  readonly value: unknown
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
      upgrade: (db) => db.createObjectStore(RESULTS, { keyPath: 'key' }).createIndex('savedAt', 'savedAt'),
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
      const entry = (await database.get(RESULTS, key)) as Entry | undefined
      return entry === undefined ? overflow.get<T>(key) : (entry.value as T)
    },
    async put(key, value) {
      try {
        await database.put(RESULTS, { key, savedAt: Date.now(), value } satisfies Entry)
        await evict(database)
      } catch {
        await overflow.put(key, value)
      }
    },
  }
}

async function evict(database: IDBPDatabase): Promise<void> {
  const excess = (await database.count(RESULTS)) - MAX_ENTRIES
  if (excess <= 0) return
  const oldest = await database.getAllKeysFromIndex(RESULTS, 'savedAt', null, excess)
  for (const key of oldest) await database.delete(RESULTS, key)
}
