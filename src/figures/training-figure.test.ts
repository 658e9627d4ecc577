import { describe, expect, it } from 'vitest'
import { batchesFixture, historyFixture, OPTIONS } from './fixtures.ts'
import { MAX_POINTS } from './decimate.ts'
import { trainingFigure, type TrainingInput } from './training-figure.ts'

const input: TrainingInput = { history: historyFixture(), batches: batchesFixture(3120), stepsPerEpoch: 312, changes: [], checkpoint: null }
const options = { ...OPTIONS, logLoss: false }

describe('trainingFigure', () => {
  it('draws train solid and test dashed in the colour of the variant', () => {
    const curves = trainingFigure(input, options).data.slice(1)
    expect(curves.map(({ name, yaxis, line }) => [name, yaxis, line?.dash])).toEqual([
      ['train', 'y', 'solid'],
      ['test', 'y', 'dash'],
      ['train', 'y2', 'solid'],
      ['test', 'y2', 'dash'],
    ])
    expect(new Set(curves.map(({ line }) => line?.color)).size).toBe(1)
  })

  it('draws batch losses fainter than the curves, over epochs', () => {
    const [batches] = trainingFigure(input, options).data
    expect(batches.opacity).toBeLessThan(0.5)
    expect(batches.x).toHaveLength(3120)
    expect((batches.x as number[])[312]).toBeCloseTo(1, 12)
  })

  it('draws at most a screenful of batch losses', () => {
    const [batches] = trainingFigure({ ...input, batches: batchesFixture(100_000) }, options).data
    expect((batches.y as number[]).length).toBeLessThanOrEqual(MAX_POINTS)
  })

  it('can count mini-batches instead of epochs', () => {
    const figure = trainingFigure({ ...input, checkpoint: 7 }, { ...options, unit: 'batch' })
    expect((figure.data[1].x as number[])[2]).toBe(624)
    expect(figure.layout.shapes?.[0].x0).toBe(7 * 312)
    expect(figure.axes.x).toBe('t, mini-batches')
  })

  it('marks settings that changed while training ran, and the checkpoint', () => {
    const { layout } = trainingFigure({ ...input, changes: [{ step: 1560, learningRate: 0.001, batchSize: 64 }], checkpoint: 7 }, options)
    expect(layout.shapes?.map(({ x0 }) => x0)).toEqual([5, 7])
    expect(layout.annotations?.map(({ text }) => text)).toEqual(['η = 0.001, batch 64', 'epoch 7'])
  })

  it('has a logarithmic loss axis only when asked for', () => {
    expect(trainingFigure(input, options).layout.yaxis?.type).toBeUndefined()
    expect(trainingFigure(input, { ...options, logLoss: true }).layout.yaxis?.type).toBe('log')
  })

  it('adds a smoothed curve of the batches', () => {
    const names = trainingFigure(input, { ...options, smoothing: 0.9 }).data.map(({ name }) => name)
    expect(names.slice(0, 2)).toEqual(['single batches', 'batches, smoothed'])
  })

  it('lists every epoch, and says the last in one sentence', () => {
    const { table, summary } = trainingFigure(input, options)
    expect(table.rows).toHaveLength(11)
    expect(table.rows[0].slice(0, 3)).toEqual([0, 0, expect.closeTo(2.35, 10)])
    expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true)
    expect(summary).toMatch(/^After 10 epochs: training loss 0\.0921 and accuracy 99\.4 %; test loss 0\.189 and accuracy 96\.4 %\.$/)
  })

  it('draws the first epoch before it has ended', () => {
    const figure = trainingFigure({ ...input, history: null, batches: { steps: [0, 1], losses: [2.3, 2.2] } }, options)
    expect(figure.empty).toBe(false)
    expect(figure.summary).toContain('last batch loss is 2.20')
    expect(figure.table.rows).toEqual([])
  })

  it('shows a loss that is not finite as a gap, and says where', () => {
    const figure = trainingFigure({ ...input, batches: { steps: [0, 1, 2], losses: [2, NaN, Infinity] } }, options)
    expect(figure.data[0].y).toEqual([2, null, null])
    expect(figure.summary).toContain('stopped being finite at step 1.')
  })

  describe('with several seeds', () => {
    const shifted = (by: number, epochs = 10) => {
      const history = historyFixture(epochs)
      return { ...history, trainLoss: history.trainLoss.map((loss) => loss + by), testAccuracy: history.testAccuracy.map((share) => share - by) }
    }
    const three = trainingFigure({ ...input, others: [shifted(0.01), shifted(0.02, 6)] }, options)

    it('draws means in bands of one standard deviation, one of them in the legend', () => {
      const [, band, train] = three.data
      expect(band).toMatchObject({ name: 'mean ± s.d. of 3 seeds', fill: 'toself', showlegend: true, yaxis: 'y' })
      expect(three.data.filter(({ name, showlegend }) => name === band.name && showlegend === true)).toHaveLength(1)
      expect(train).toMatchObject({ name: 'train', line: { dash: 'solid' } })
      const [loss] = historyFixture().trainLoss
      expect((train.y as number[])[0]).toBeCloseTo(loss + 0.01, 12)
      expect((band.y as number[])[0]).toBeCloseTo(loss + 0.02, 12)
    })

    it('takes the mean over the seeds that have reached an epoch', () => {
      const train = three.data[2].y as number[]
      expect(train[10]).toBeCloseTo(historyFixture().trainLoss[10] + 0.005, 12)
      expect(three.table.columns.slice(7)).toEqual([
        'mean of training loss', 's.d. of training loss', 'mean of training accuracy', 's.d. of training accuracy',
        'mean of test loss', 's.d. of test loss', 'mean of test accuracy', 's.d. of test accuracy', 'n',
      ])
      expect(three.table.rows.map((row) => row.at(-1))).toEqual([3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2])
      expect(three.table.rows[0][8]).toBeCloseTo(0.01, 12)
    })

    it('says the last epoch that all of them have reached', () => {
      expect(three.summary).toMatch(/^After 6 epochs, mean ± s\.d\. of 3 seeds: training loss 0\.269 ± 0\.010 and accuracy 95\.5 ± 0 %; test loss .* and accuracy 91\.7 ± 1\.0 %\.$/)
    })

    it('goes on where another seed is ahead of the main one', () => {
      const { table } = trainingFigure({ ...input, history: historyFixture(1), others: [historyFixture(3)] }, options)
      expect(table.rows.map((row) => [row[0], row[1], row[2] === null, row.at(-1)])).toEqual([[0, 0, false, 2], [1, 312, false, 2], [2, 624, true, 1], [3, 936, true, 1]])
      expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true)
    })

    it('keeps the band positive on a logarithmic axis', () => {
      const wide = trainingFigure({ ...input, others: [shifted(40)] }, { ...options, logLoss: true })
      expect((wide.data[1].y as number[]).every((value) => value > 0)).toBe(true)
    })
  })

  it('says that nothing is trained yet', () => {
    const figure = trainingFigure({ ...input, history: null, batches: { steps: [], losses: [] } }, options)
    expect(figure).toMatchObject({ empty: true, data: [], summary: 'No epoch trained yet' })
  })
})
