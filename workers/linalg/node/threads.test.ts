import { createHash } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { createRandom } from '../../numerics/random.ts'
import { openLinalg, type Linalg } from '../linalg.ts'
import type { LinalgThread, LinalgThreads } from '../thread.ts'
import { nodeLinalgThreads, startNodeThread } from './threads.ts'

const opened: Linalg[] = []
afterAll(() => opened.forEach((linalg) => linalg.dispose()))

async function open(threads: LinalgThreads | null): Promise<Linalg> {
  const linalg = await openLinalg(threads)
  opened.push(linalg)
  return linalg
}

const withCores = (cores: number): LinalgThreads => ({ cores, start: () => nodeLinalgThreads.start() })

function randomMatrix(n: number): Float64Array {
  const random = createRandom(n, 'threads')
  const matrix = new Float64Array(n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = random.normal()
  return matrix
}

const digest = (values: Float64Array = new Float64Array()): string =>
  createHash('sha256').update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)).digest('hex')

/** Digests of everything a decomposition says but the time, and of the matrix of a Kronecker sum. */
async function results(linalg: Linalg, n: number): Promise<readonly string[]> {
  const results: string[] = []
  for (const vectors of [true, false]) {
    const dense = linalg.matrix(n, { vectors })
    dense.values.set(randomMatrix(n))
    const eigen = await dense.eigen()
    results.push(digest(eigen?.eigenvalues), digest(eigen?.eigenvectors?.slice()), digest(eigen?.residuals), String(eigen?.orthogonality))
    dense.dispose()
  }
  const random = createRandom(1, 'samples')
  const dense = linalg.matrix(13 * 10, { vectors: false })
  const sum = dense.kronecker(13, 10)
  const inputs = Float32Array.from({ length: 1300 * 13 }, () => random.normal())
  const factors = Float64Array.from({ length: 1300 * 55 }, () => random.normal())
  await sum.add(inputs, factors, 1300)
  await sum.finish(0.25)
  results.push(digest(dense.values.slice()))
  dense.dispose()
  return results
}

describe('threads', () => {
  test('one, two, three threads and the caller’s own compute the same bits', async () => {
    const size = 270
    const alone = await results(await open(null), size)
    for (const cores of [1, 2, 3]) {
      const linalg = await open(withCores(cores))
      expect(linalg.threads).toBe(cores)
      const together = await results(linalg, size)
      expect(together).toEqual(alone)
    }
  })

  test('a problem that does not fit is refused before memory is taken, with the size that would', async () => {
    const linalg = await open(withCores(1))
    expect(() => linalg.matrix(3000, { vectors: true, limitBytes: 100e6 })).toThrow(/size 3000 with vectors needs .* the limit is 100.0 MB; the largest size that fits is \d{4}/)
    expect(() => linalg.matrix(30000, { vectors: false })).toThrow('the largest size that fits is')
    expect(() => linalg.matrix(0, { vectors: false })).toThrow('from 1 on')
    const dense = linalg.matrix(100, { vectors: true })
    dense.values[5] = 1
    await expect(dense.eigen()).rejects.toThrow(RangeError)
    dense.values[5] = 0
    expect((await dense.eigen())?.eigenvalues).toEqual(new Float64Array(100))
  })

  test('a cancel is heard at once, and the threads go on with the next problem', async () => {
    const linalg = await open(withCores(2))
    const dense = linalg.matrix(900, { vectors: true })
    dense.values.set(randomMatrix(900))
    for (const late of [false, true]) {
      const abort = new AbortController()
      const running = dense.eigen({ signal: abort.signal, onProgress: ({ done }) => (done > (late ? 0.4 : 0) ? abort.abort() : undefined) })
      expect(await running).toBeNull()
      dense.values.set(randomMatrix(900))
    }
    const small = linalg.matrix(150, { vectors: true })
    small.values.set(randomMatrix(150))
    expect((await small.eigen())?.checked.length).toBe(150)
    expect(await small.eigen({ signal: AbortSignal.abort() })).toBeNull()
  })

  test('a thread that dies is told, nothing hangs, and new threads take over', async () => {
    const started: LinalgThread[] = []
    const linalg = await open({
      cores: 2,
      start: () => {
        const thread = nodeLinalgThreads.start()
        started.push(thread)
        return thread
      },
    })
    const dense = linalg.matrix(600, { vectors: true })
    dense.values.set(randomMatrix(600))
    const kill = dense.eigen({ onProgress: () => started[1].terminate() })
    await expect(kill).rejects.toThrow('a thread broke down')
    dense.values.set(randomMatrix(600))
    expect((await dense.eigen())?.orthogonality).toBeLessThan(1e-12)
    expect(started.length).toBe(4)
  })

  test('where threads do not start the caller does the work itself', async () => {
    const linalg = await open({ cores: 2, start: () => startNodeThread(new URL('./missing.mjs', import.meta.url)) })
    expect(linalg.threads).toBe(1)
    const refusing = await open({
      cores: 2,
      start: () => {
        throw new Error('no threads today')
      },
    })
    const dense = refusing.matrix(2, { vectors: true })
    dense.values.set([-1, 0, 0, 1])
    expect((await dense.eigen())?.eigenvalues).toEqual(Float64Array.of(1, -1))
  })
})
