import { describe, expect, test } from 'vitest'
import { Checkpoints } from './checkpoints.ts'
import { createMemoryStore } from './store.ts'

describe('the volatile store', () => {
  test('gives back what it was given, and null for what it was not', async () => {
    const store = createMemoryStore('no storage')
    await store.put('a', { values: Float64Array.of(1, 2) })
    expect(await store.get('a')).toEqual({ values: Float64Array.of(1, 2) })
    expect(await store.get('b')).toBeNull()
    expect(await store.volatileBecause()).toBe('no storage')
  })

  test('forgets what is set to null', async () => {
    const store = createMemoryStore(null)
    await store.put('a', 1)
    await store.put('a', null)
    expect(await store.get('a')).toBeNull()
  })

  test('drops the oldest beyond its budget, never the newest', async () => {
    const store = createMemoryStore(null, 10_000)
    for (const key of ['a', 'b', 'c']) await store.put(key, new Float64Array(500))
    expect(await Promise.all(['a', 'b', 'c'].map((key) => store.get(key).then((value) => value !== null)))).toEqual([false, true, true])
    await store.put('d', new Float64Array(5000))
    expect(await store.get('d')).not.toBeNull()
    expect(await store.get('c')).toBeNull()
  })

  test('counts what is replaced only once', async () => {
    const store = createMemoryStore(null, 10_000)
    await store.put('kept', new Float64Array(500))
    for (let i = 0; i < 50; i++) await store.put('again', new Float64Array(600))
    expect(await store.get('kept')).not.toBeNull()
  })
})

describe('checkpoints', () => {
  const state = (epoch: number, size: number) => ({ position: { epoch, cursor: 0, step: epoch }, weights: new Float32Array(size).fill(epoch), velocity: new Float32Array(size) })

  test('are kept all while they fit', () => {
    const checkpoints = new Checkpoints()
    for (let epoch = 0; epoch <= 200; epoch++) checkpoints.add(epoch, state(epoch, 100))
    expect(checkpoints.epochs).toHaveLength(201)
    expect(checkpoints.get(77)?.weights[0]).toBe(77)
  })

  test('are thinned evenly beyond the budget, first and last excepted', () => {
    const checkpoints = new Checkpoints()
    // 4 MB each, 128 MB in all.
    for (let epoch = 0; epoch <= 101; epoch++) checkpoints.add(epoch, state(epoch, 512 * 1024))
    const { epochs } = checkpoints
    expect(epochs.length).toBeLessThanOrEqual(32)
    expect([epochs[0], epochs.at(-1)]).toEqual([0, 101])
    expect(new Set(epochs.slice(1, -1).map((epoch, i) => epoch - epochs[i]))).toEqual(new Set([4]))
  })
})
