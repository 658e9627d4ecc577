import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { symmetricEigenBytes } from '../workers/linalg/layout.ts'
import { openLinalg, type Linalg } from '../workers/linalg/linalg.ts'
import { nodeLinalgThreads } from '../workers/linalg/node/threads.ts'
import { createRandom } from '../workers/numerics/random.ts'
import { atLeast, formatTime, inTurns, ratio, type BenchOptions, type Ratio } from './lib/measure.ts'

const SCRIPT = fileURLToPath(new URL('./eigen_numpy.py', import.meta.url))
const PYTHON = ['python3', '/usr/bin/python3']
const SIZES = [500, 2500]
const LARGEST = 8192

/** Milliseconds after an answer of LAPACK: its threads look out for more work for some thirty, on the cores that are measured next. */
const UNTIL_ASLEEP = 100

/** What LAPACK says of a matrix. */
interface Answer {
  readonly seconds: number
  /** Ascending. */
  readonly values: readonly number[]
  /** Bytes of memory of its process, at most so far. */
  readonly peak: number
}

/** A process with NumPy that holds one matrix. */
interface Lapack {
  open(matrix: Float64Array, size: number): Promise<void>
  solve(kind: 'vectors' | 'values'): Promise<Answer>
  close(): void
}

/** Whole spectra of random symmetric matrices against LAPACK through NumPy on as many threads, where a Python with NumPy is installed. */
export async function benchEigen({ rounds, sizes, isFull }: BenchOptions): Promise<readonly Ratio[]> {
  const linalg = await openLinalg(nodeLinalgThreads)
  const lapack = await openLapack(linalg.threads)
  if (lapack === null) {
    console.log('  NumPy is not installed (Debian: apt-get install python3-numpy): its ratios are left out.')
  }
  const ratios: Ratio[] = []
  for (const size of sizes ?? (isFull ? [...SIZES, LARGEST] : SIZES)) {
    const times = rounds ?? (size < 1000 ? 20 : size < 5000 ? 2 : 1)
    for (const kind of ['vectors', 'values'] as const) {
      const entry = await compare(linalg, lapack, size, kind, times)
      if (entry !== null) ratios.push(entry)
    }
  }
  linalg.dispose()
  lapack?.close()
  return ratios
}

async function compare(linalg: Linalg, lapack: Lapack | null, size: number, kind: 'vectors' | 'values', rounds: number): Promise<Ratio | null> {
  const dense = linalg.matrix(size, { vectors: kind === 'vectors' })
  fill(dense.values, size)
  await lapack?.open(dense.values, size)
  let [residual, orthogonality] = [0, 0]
  let [eigenvalues, theirs] = [new Float64Array(), [] as readonly number[]]
  const own = async (): Promise<number> => {
    const eigen = await dense.eigen()
    if (eigen === null) throw new Error('the decomposition was stopped')
    eigenvalues = eigen.eigenvalues.slice()
    residual = eigen.residuals.reduce((most, value) => Math.max(most, value), 0)
    orthogonality = eigen.orthogonality
    return 1000 * eigen.seconds
  }
  let theirPeak = 0
  const foreign = async (): Promise<number> => {
    const answer = await lapack?.solve(kind)
    theirs = answer?.values ?? theirs
    theirPeak = answer?.peak ?? theirPeak
    await setTimeout(UNTIL_ASLEEP)
    return 1000 * (answer?.seconds ?? Infinity)
  }
  const [mine, other] = await inTurns(rounds, [own, foreign])
  dense.dispose()
  const megabytes = Math.round(symmetricEigenBytes(size, kind === 'vectors') / 1e6)
  const peak = Math.round((process.resourceUsage().maxRSS * 1024) / 1e6)
  const errors = kind === 'vectors' ? `, residuals up to ${residual.toExponential(1)}, orthogonal to ${orthogonality.toExponential(1)}` : ''
  console.log(`  ${size}, ${kind}: ${formatTime(mine)} with ${linalg.threads} threads, ${megabytes} MB (process so far ${peak} MB)${errors}`)
  if (lapack === null) return null
  const difference = eigenvalues.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[size - 1 - i])), 0)
  const text = `LAPACK ${formatTime(other)}, its process ${Math.round(theirPeak / 1e6)} MB, eigenvalues differ by ${difference.toExponential(1)}`
  return ratio(`eigen-${size}${kind === 'values' ? '-values' : ''}-vs-lapack`, other / mine, text, atLeast(0.33))
}

function fill(values: Float64Array, size: number): void {
  const random = createRandom(size, 'eigen')
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) values[i * size + j] = values[j * size + i] = random.normal()
  }
}

async function openLapack(threads: number): Promise<Lapack | null> {
  for (const python of PYTHON) {
    const lapack = await start(python, threads)
    if (lapack !== null) return lapack
  }
  return null
}

async function start(python: string, threads: number): Promise<Lapack | null> {
  const count = String(threads)
  const child = spawn(python, [SCRIPT], { env: { ...process.env, OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count, MKL_NUM_THREADS: count } })
  const failed = once(child, 'close').catch(() => null)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const first = await Promise.race([lines.next(), failed])
  if (first === null || Array.isArray(first) || first.done === true) return null
  console.log(`  NumPy ${JSON.parse(first.value) as string}, ${threads} threads`)
  const ask = async <T>(request: object, payload?: Uint8Array): Promise<T> => {
    child.stdin.write(`${JSON.stringify(request)}\n`)
    if (payload !== undefined && !child.stdin.write(payload)) await once(child.stdin, 'drain')
    const { value, done } = await lines.next()
    if (done === true) throw new Error('NumPy ended')
    return JSON.parse(value) as T
  }
  return {
    open: (matrix, size) => ask({ kind: 'matrix', size }, Uint8Array.from(new Uint8Array(matrix.buffer, matrix.byteOffset, matrix.byteLength))),
    solve: (kind) => ask({ kind }),
    close: () => child.stdin.end(),
  }
}
