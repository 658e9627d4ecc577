import { expect, test } from 'vitest'
import { latest } from './latest.ts'

/** Runs whose ends the test decides. */
function handResolved() {
  const runs: { argument: number; resolve: () => void; reject: (reason: Error) => void }[] = []
  const run = (argument: number) => new Promise<void>((resolve, reject) => runs.push({ argument, resolve, reject }))
  return { runs, run, started: () => runs.map(({ argument }) => argument) }
}

const turn = () => new Promise((resolve) => setTimeout(resolve))

test('one run is in flight, and of the calls made meanwhile only the newest runs', async () => {
  const { runs, run, started } = handResolved()
  const call = latest(run)
  const ends: number[] = []
  for (const argument of [1, 2, 3, 4]) void call(argument).then(() => ends.push(argument))
  expect(started()).toEqual([1])
  runs[0].resolve()
  await turn()
  expect(started()).toEqual([1, 4])
  expect(ends).toEqual([1])
  runs[1].resolve()
  await turn()
  expect(ends).toEqual([1, 2, 3, 4])
})

test('a failed run does not keep the newest from running', async () => {
  const { runs, run, started } = handResolved()
  const call = latest(run)
  const first = call(1)
  const second = call(2)
  runs[0].reject(new Error('first'))
  await expect(first).rejects.toThrow('first')
  await turn()
  expect(started()).toEqual([1, 2])
  runs[1].reject(new Error('second'))
  await expect(second).rejects.toThrow('second')
})

test('after all has ended the next call runs at once', async () => {
  const { runs, run, started } = handResolved()
  const call = latest(run)
  const first = call(1)
  runs[0].resolve()
  await first
  const second = call(2)
  expect(started()).toEqual([1, 2])
  runs[1].resolve()
  await second
})
