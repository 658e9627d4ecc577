import type { DataPreview, SamplePreview } from '../../contracts/results.ts'

export interface ClassSamples {
  readonly label: number
  readonly samples: readonly SamplePreview[]
}

/** Samples gathered by class, ascending. */
export function byClass(samples: readonly SamplePreview[]): readonly ClassSamples[] {
  const labels = [...new Set(samples.map(({ label }) => label))].sort((a, b) => a - b)
  return labels.map((label) => ({ label, samples: samples.filter((sample) => sample.label === label) }))
}

export interface CountRow {
  readonly label: number
  readonly train: number
  readonly test: number
  /** Of the most frequent class, for the length of a bar. */
  readonly share: number
}

export function countRows({ trainCounts, testCounts }: Pick<DataPreview, 'trainCounts' | 'testCounts'>): readonly CountRow[] {
  const most = Math.max(1, ...trainCounts)
  return trainCounts.map((train, label) => ({ label, train, test: testCounts[label] ?? 0, share: train / most }))
}

export function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Samples of two numbers are points in a plane. */
export function isPlane({ samples }: Pick<DataPreview, 'samples'>): boolean {
  return samples.length > 0 && samples.every(({ values }) => values?.length === 2)
}

/** SVG path of a sample's numbers as bars from zero: what cannot be drawn as an image. */
export function barsPath(values: readonly number[], width: number, height: number): string {
  const most = Math.max(...values.map(Math.abs), Number.MIN_VALUE)
  const zero = height / 2
  const step = width / Math.max(1, values.length)
  return values.map((value, i) => `M${((i + 0.5) * step).toFixed(1)} ${zero}V${(zero - (zero * value) / most).toFixed(1)}`).join('')
}

/** The largest absolute coordinate of points in a plane, so that both axes share a scale. */
export function planeReach(samples: readonly SamplePreview[]): number {
  return samples.reduce((most, { values }) => Math.max(most, ...(values ?? []).map(Math.abs)), Number.MIN_VALUE)
}
