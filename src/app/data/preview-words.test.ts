import { describe, expect, it } from 'vitest'
import type { SamplePreview } from '../../contracts/results.ts'
import { downloadLine } from './download-words.ts'
import { filesWords, refusalWords } from './file-words.ts'
import { barsPath, byClass, countRows, isPlane, planeReach } from './preview-words.ts'

const point = (label: number, ...values: number[]): SamplePreview => ({ label, pixels: null, values })

describe('a preview', () => {
  it('gathers samples by class in ascending order', () => {
    expect(byClass([point(2, 1), point(0, 2), point(2, 3)]).map(({ label, samples }) => [label, samples.length])).toEqual([[0, 1], [2, 2]])
  })

  it('measures bars by the most frequent class and copes with classes that have no test samples', () => {
    expect(countRows({ trainCounts: [50, 100], testCounts: [5] })).toEqual([
      { label: 0, train: 50, test: 5, share: 0.5 },
      { label: 1, train: 100, test: 0, share: 1 },
    ])
    expect(countRows({ trainCounts: [0, 0], testCounts: [] })[0].share).toBe(0)
  })

  it('draws pairs of numbers as points', () => {
    expect([isPlane({ samples: [point(0, 1, -3)] }), isPlane({ samples: [point(0, 1)] }), isPlane({ samples: [] })]).toEqual([true, false, false])
    expect(planeReach([point(0, 1, -3), point(1, 2, 2)])).toBe(3)
  })

  it('draws numbers as bars up and down from the middle', () => {
    expect(barsPath([2, -1], 20, 40)).toBe('M5.0 20V0.0M15.0 20V30.0')
  })
})

it('a download says how much there is and how long the rest takes', () => {
  const status = { name: 'cifar10', totalBytes: 160e6 } as const
  expect(downloadLine({ ...status, state: 'running', storedBytes: 40e6, secondsLeft: 75 })).toBe('Storing CIFAR-10: 40 MB of 160 MB, 1 min 15 s left.')
  expect(downloadLine({ ...status, state: 'partial', storedBytes: 40e6, secondsLeft: null })).toContain('40 MB of 160 MB of CIFAR-10 are stored')
  expect(downloadLine({ ...status, state: 'complete', storedBytes: 160e6, secondsLeft: null })).toContain('without a network')
})

it('refused files are named once', () => {
  const files = [{ name: 'a.idx' }, { name: 'b.idx' }]
  expect(filesWords(files)).toBe('2 files: a.idx, b.idx')
  expect(refusalWords(files, 'a.idx: cut short')).toBe('a.idx: cut short.')
  expect(refusalWords(files, 'there are no labels.')).toBe('2 files: a.idx, b.idx: there are no labels.')
})
