import { expect, it } from 'vitest'
import type { NetworkSketch } from '../../contracts/results.ts'
import { costWarning, layerLine, sketchOf, totalLine } from './sketch-words.ts'

const sketch: NetworkSketch = {
  layers: [
    { index: null, what: 'input', outputShape: [28, 28, 1], parameters: 0 },
    { index: 0, what: 'convolution 6@5×5, same', outputShape: [28, 28, 6], parameters: 156 },
  ],
  parameterCount: 136886,
  trainingBytes: 12e6,
  secondsPerEpoch: 9,
  measured: false,
  problem: null,
}

it('a layer tells its output and its parameters', () => {
  expect(sketch.layers.map(layerLine)).toEqual(['28 × 28 × 1 · no parameters', '28 × 28 × 6 · 156 parameters'])
})

it('the whole tells whether its time was measured', () => {
  expect(totalLine(sketch)).toBe('136,886 parameters · 12 MB for training · about 9 s per epoch, on a modest laptop core, not measured here')
  expect(totalLine({ ...sketch, measured: true })).toContain('from the measured speed of this machine')
})

it('warns of gigabytes and of minutes', () => {
  expect(costWarning(sketch)).toBeNull()
  expect(costWarning({ ...sketch, trainingBytes: 3e9 })).toMatch(/memory/)
  expect(costWarning({ ...sketch, secondsPerEpoch: 900 })).toMatch(/minutes/)
})

it('lines of the settings are found by their index, those behind a fault are missing', () => {
  expect(sketchOf(sketch, 0)?.parameters).toBe(156)
  expect([sketchOf(sketch, 1), sketchOf(null, 0)]).toEqual([null, null])
})
