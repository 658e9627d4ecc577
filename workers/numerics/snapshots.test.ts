import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SnapshotRecorder } from './snapshots.ts'

const MIB = 1024 * 1024

describe('SnapshotRecorder', () => {
  it('gives back every snapshot over many chunks', () => {
    const size = 500_000
    const recorder = new SnapshotRecorder(size, { budgetBytes: 64 * MIB })
    for (let t = 0; t < 30; t++) recorder.append(new Float32Array(size).fill(t))
    expect(recorder.count).toBe(30)
    for (let t = 0; t < 30; t++) {
      const snapshot = recorder.get(t)
      expect([snapshot.length, snapshot[0], snapshot[size - 1]]).toEqual([size, t, t])
    }
  })

  it('takes memory only as snapshots arrive, and never more than the budget', () => {
    const recorder = new SnapshotRecorder(1000, { budgetBytes: 40 * MIB })
    expect(recorder.bytes).toBe(0)
    recorder.append(new Float32Array(1000))
    expect(recorder.bytes).toBeLessThanOrEqual(16 * MIB)
    while (recorder.count < recorder.capacity) recorder.append(new Float32Array(1000))
    expect(recorder.bytes).toBeLessThanOrEqual(40 * MIB)
    expect(recorder.bytes).toBe(recorder.capacity * 4000)
  })

  it('has room for 20,000 snapshots of 8,192 weights in 700 MB', () => {
    const recorder = new SnapshotRecorder(8192, { budgetBytes: 700e6 })
    expect(() => recorder.reserve(20_000)).not.toThrow()
    expect(recorder.bytes).toBe(0)
  })

  it('copies what it is given', () => {
    const recorder = new SnapshotRecorder(2, { budgetBytes: 80 })
    const weights = Float32Array.of(1, 2)
    recorder.append(weights)
    weights.fill(9)
    expect([...recorder.get(0)]).toEqual([1, 2])
  })

  it('holds exactly the snapshots that fit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 3000 }), (size, extra) => {
        const recorder = new SnapshotRecorder(size, { budgetBytes: 4 * size + extra })
        for (let t = 0; t < recorder.capacity; t++) recorder.append(new Float32Array(size).fill(t))
        expect(() => recorder.append(new Float32Array(size))).toThrow(`at most ${recorder.capacity} fit`)
        return recorder.capacity === 1 + Math.floor(extra / (4 * size)) && recorder.count === recorder.capacity
      }),
      { numRuns: 50, seed: 1 },
    )
  })

  it('rejects what it cannot store', () => {
    expect(() => new SnapshotRecorder(0, { budgetBytes: 100 })).toThrow('size=0')
    expect(() => new SnapshotRecorder(100, { budgetBytes: 399 })).toThrow('give at least 400')
    expect(() => new SnapshotRecorder(100, { budgetBytes: NaN })).toThrow('NaN bytes')
    const recorder = new SnapshotRecorder(3, { budgetBytes: 100 })
    expect(() => recorder.append(new Float32Array(2))).toThrow('snapshot 0 has 2 values, expected 3')
    expect(() => recorder.append(Float32Array.of(0, NaN, 0))).toThrow('snapshot 0 is NaN at entry 1')
    expect(() => recorder.get(0)).toThrow('no snapshot 0; 0 are recorded')
    expect(() => recorder.reserve(1000)).toThrow('1000 snapshots of 3 values need 12000 bytes; at most 8 fit')
  })
})
