import { Worker } from 'node:worker_threads'
import { inTurns, timed } from './measure.ts'

/** A loop that shares nothing, not even memory: what more cores give at best on this machine at this moment. */
interface Spin {
  /** Milliseconds in which every thread of the first `cores` runs the loop once. */
  run(cores: number): Promise<number>
  close(): void
}

const LOOP = '(() => { let sum = 0; for (let i = 1; i < 2e8; i++) sum += i % 7; return sum })()'
const THREAD = `require('node:worker_threads').parentPort.on('message', function () { ${LOOP}; this.postMessage(0) })`

/** Threads for up to so many cores, all started. */
async function openSpin(cores: number): Promise<Spin> {
  const threads = Array.from({ length: cores }, () => new Worker(THREAD, { eval: true, execArgv: [] }))
  const turn = (thread: Worker): Promise<void> => new Promise((resolve) => {
    thread.once('message', () => resolve())
    thread.postMessage(0)
  })
  const run = (count: number): Promise<number> => timed(() => Promise.all(threads.slice(0, count).map(turn)))
  await run(cores)
  return { run, close: () => threads.forEach((thread) => void thread.terminate()) }
}

/** Prints what all cores give. */
export async function reportMachine(cores: number, rounds: number): Promise<void> {
  const spin = await openSpin(cores)
  const [one, all] = await inTurns(rounds, [() => spin.run(1), () => spin.run(cores)])
  spin.close()
  console.log(`  machine: ${cores} cores run a loop that shares nothing ${((cores * one) / all).toFixed(2)} times as often as one`)
}
