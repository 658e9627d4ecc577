import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { slotsOf } from '../../workers/interop/slots.ts'
import type { Contender } from './contender.ts'
import type { Samples } from './samples.ts'
import type { Subject } from './subjects.ts'

const SCRIPT = fileURLToPath(new URL('../networks_pytorch.py', import.meta.url))
const PYTHON = ['/usr/bin/python3', 'python3']

/** PyTorch's own setting does not reach every BLAS library. */
const THREAD_SETTINGS = ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'BLIS_NUM_THREADS']

/** A process with PyTorch on so many threads. It waits while others are measured. */
export interface Torch {
  /** "1.13.0 with openblas-pthread/libblas.so.3": which BLAS it uses decides what its dense layers cost. */
  readonly version: string
  /** Takes a subject; the one before it is forgotten. */
  open(subject: Subject, samples: Samples): Promise<TorchNetwork>
  close(): void
}

/** A subject in PyTorch. Measurements are in milliseconds. */
export interface TorchNetwork extends Contender {
  /** A gradient over all samples. */
  gradient(): Promise<number>
  /** A Hessian-vector product over all samples, the gradient's graph reused. */
  product(): Promise<number>
  /** The largest eigenpairs of the Hessian over all samples by SciPy's `eigsh`, the gradient's graph included; null without SciPy. */
  eigenpairs(count: number, tolerance: number): Promise<ScipyEigenpairs | null>
}

/** What `eigsh` found with products by PyTorch. */
export interface ScipyEigenpairs {
  /** Of SciPy. */
  readonly version: string
  readonly milliseconds: number
  readonly products: number
  /** Descending. */
  readonly eigenvalues: readonly number[]
  /** ‖Hv − λv‖, computed afterwards. */
  readonly residuals: readonly number[]
}

/** PyTorch, or null with a printed line where no Python has it. */
export async function openTorch(threads = 1): Promise<Torch | null> {
  for (const python of PYTHON) {
    const torch = await start(python, threads)
    if (torch !== null) {
      console.log(`  PyTorch ${torch.version}, ${threads === 1 ? 'one thread' : `${threads} threads`}`)
      return torch
    }
  }
  console.log('  PyTorch is not installed (Debian: apt-get install python3-torch): its rows are left out.')
  return null
}

async function start(python: string, threads: number): Promise<Torch | null> {
  const settings = Object.fromEntries(THREAD_SETTINGS.map((name) => [name, String(threads)]))
  const child = spawn(python, [SCRIPT, String(threads)], { env: { ...process.env, ...settings } })
  const failed = once(child, 'close').catch(() => null)
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const first = await Promise.race([lines.next(), failed])
  if (first === null || Array.isArray(first) || first.done === true) return null
  const ask = async <T>(request: object, ...payload: readonly Uint8Array[]): Promise<T> => {
    send(child, request, payload)
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`PyTorch ended: ${complaint.trim().split('\n').at(-1) ?? 'no reason given'}`)
    return JSON.parse(value) as T
  }
  return {
    version: JSON.parse(first.value) as string,
    open: async (subject, samples) => {
      const { graph, network, training, weights } = subject
      const { batchSize: batch, momentum, learningRate: rate } = training
      const about = { graph, slots: slotsOf(network), batch, momentum, rate, samples: samples.labels.length, state_length: weights.length }
      await ask({ kind: 'open', ...about }, bytesOf(weights), bytesOf(samples.images), samples.labels)
      return {
        losses: (steps) => ask({ kind: 'losses', steps }),
        measure: () => ask({ kind: 'step' }),
        gradient: () => ask({ kind: 'gradient' }),
        product: () => ask({ kind: 'product' }),
        eigenpairs: (count, tolerance) => ask({ kind: 'eigenpairs', count, tolerance }),
        dispose: () => undefined,
      }
    },
    close: () => child.stdin.end(),
  }
}

function send({ stdin }: ChildProcessWithoutNullStreams, request: object, payload: readonly Uint8Array[]): void {
  stdin.write(`${JSON.stringify(request)}\n`)
  for (const bytes of payload) stdin.write(bytes)
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
