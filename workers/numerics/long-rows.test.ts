import { describe, expect, test } from 'vitest'
import { firstRows, plainRows, withRows, type LongRows } from './long-rows.ts'

const row = (store: LongRows, i: number): number[] => [...store.row(i)]

function storeOf(...rows: readonly (readonly number[])[]): LongRows {
  const store = plainRows(rows[0].length)
  store.reserve(rows.length)
  rows.forEach((values, i) => store.row(i).set(values))
  return store
}

describe('rows of arrays', () => {
  test('projects rows out and gives what they had', () => {
    const store = storeOf([1, 0, 0], [0, 0, 1], [5, 7, -2])
    expect([...store.projectOut([0, 1], 2)]).toEqual([5, -2])
    expect(row(store, 2)).toEqual([0, 7, 0])
  })

  test('combines columns of rows in the order of the list', () => {
    const store = storeOf([1, 2, 3, 4], [10, 20, 30, 40], [100, 200, 300, 400])
    const sums = [new Float64Array(2), new Float64Array(2).fill(7)]
    store.combine([2, 0], [Float64Array.of(1, 1), Float64Array.of(0.5, -1)], 1, sums)
    expect(sums.map((sum) => [...sum])).toEqual([[202, 303], [98, 147]])
  })

  test('keeps its contents when room is made for more', () => {
    const store = storeOf([1, 2])
    store.reserve(5)
    expect(row(store, 0)).toEqual([1, 2])
    expect(firstRows(5).map((i) => store.row(i).length)).toEqual([2, 2, 2, 2, 2])
  })
})

test('a store is released after its work, also after work that failed', async () => {
  const released: string[] = []
  const open = (name: string) => (n: number): LongRows => Object.assign(plainRows(n), { release: () => void released.push(name) })
  expect(await withRows(open('done'), 3, (rows) => Promise.resolve(rows.size))).toBe(3)
  await expect(withRows(open('failed'), 3, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(released).toEqual(['done', 'failed'])
})
