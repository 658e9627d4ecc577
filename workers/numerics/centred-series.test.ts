import { expect, test } from 'vitest'
import { CentredSeries, totalVariance } from './centred-series.ts'
import { covarianceOperator, gramMatrix } from './covariance.ts'
import { createRandom } from './random.ts'
import { SnapshotRecorder } from './snapshots.ts'

const SIZE = 30
const random = createRandom(3, 'series')
const recorder = new SnapshotRecorder(SIZE, { budgetBytes: 1e7 })
const weights = new Float32Array(SIZE)
for (let t = 0; t < 51; t++) recorder.append(weights.map((_, i) => (weights[i] += random.normal() / (1 + i))))

test.each(['weights', 'velocities'] as const)('%s give the same bits whether their rows are stored or made anew', async (kind) => {
  const [stored, streamed] = [await CentredSeries.create(recorder, kind), await CentredSeries.create(recorder, kind, {}, 0)]
  const x = Float64Array.from({ length: SIZE }, (_, i) => Math.sqrt(1 + i))
  const products = await Promise.all(
    [stored, streamed].map(async (series) => {
      const y = new Float64Array(SIZE)
      await covarianceOperator(series).apply(x, y)
      return { y, gram: await gramMatrix(series), total: await totalVariance(series) }
    }),
  )
  expect(products[1]).toEqual(products[0])
})
