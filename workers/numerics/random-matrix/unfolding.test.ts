import { describe, expect, it } from 'vitest'
import { loadCase } from '../../../fixtures/load.ts'
import { createRandom } from '../random.ts'
import { kolmogorovDistance } from './kolmogorov-smirnov.ts'
import { normalCdf } from './normal-distribution.ts'
import { poissonCdf, wignerCdf } from './spacing-laws.ts'
import { levelsNeeded, rawSpacings, spacings, unfold } from './unfolding.ts'

const reference = loadCase('c5_spectral_stats')
const maxDifference = (a: Float64Array, b: Float64Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
const evenly = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

describe.each(['goe300', 'poisson300', 'hess_W3'])('the reference spectrum %s', (name) => {
  it.each([10, 15])('unfolds as the released code does, window %i', (window) => {
    const levels = reference.array(name)
    const spectrum = unfold(levels, window)
    const expected = reference.array(`${name}_unfolded_avg${window}`)
    expect(spectrum).toMatchObject({ window, levels: levels.length, droppedNull: 0, droppedRepeated: 0 })
    expect(spectrum.unfolded).toHaveLength(expected.length)
    expect(maxDifference(spectrum.unfolded, expected)).toBeLessThan(1e-12)
    expect(maxDifference(rawSpacings(spectrum.unfolded).sort(), reference.array(`${name}_spacings_avg${window}`))).toBeLessThan(1e-12)
  })

  it.each([10, 15])('has the stored distances to both laws, window %i', (window) => {
    const ours = spacings(unfold(reference.array(name), window).unfolded)
    expect(kolmogorovDistance(ours, wignerCdf)).toBeCloseTo(reference.scalar(`${name}_avg${window}_stats.ks_wigner_surmise_after_mean1`), 12)
    expect(kolmogorovDistance(ours, poissonCdf)).toBeCloseTo(reference.scalar(`${name}_avg${window}_stats.ks_exponential`), 12)
  })
})

describe('unfold', () => {
  it('equals the plain double sum where levels lie far apart and close together', () => {
    const random = createRandom(3, 'levels')
    const levels = Float64Array.from({ length: 120 }, () => random.normal() ** 5).sort().reverse()
    const { unfolded } = unfold(levels, 3, { within: 0 })
    unfolded.forEach((value, at) => {
      let sum = 0
      for (let i = 3; i < 117; i++) sum += normalCdf((levels[i] - levels[at + 6]) / ((levels[i - 3] - levels[i + 3]) / 2))
      expect(value).toBeCloseTo(sum, 12)
    })
  })

  it('knows neither order nor unit of the levels', () => {
    const levels = reference.array('goe300')
    const plain = unfold(levels).unfolded
    expect(unfold(levels.slice().reverse()).unfolded).toEqual(plain)
    expect(unfold(levels.map((value) => value * 2 ** 1000)).unfolded).toEqual(plain)
    expect(plain).toEqual(unfold(levels, 15).unfolded)
  })

  it('gives evenly spaced levels spacings of one, smaller within reach of the ends, where levels are missing from the count', () => {
    const { unfolded } = unfold(evenly(200), 5)
    const even = rawSpacings(unfolded)
    for (let i = 40; i < 139; i++) expect(even[i]).toBeCloseTo(1, 7)
    expect(even[0]).toBeCloseTo(normalCdf(1.2), 2)
    const mean = spacings(unfolded).reduce((sum, value) => sum + value) / 179
    expect(mean).toBeCloseTo(1, 14)
  })

  it('drops a null space and says how many levels it held', () => {
    const levels = [...evenly(50), ...new Array<number>(30).fill(0), ...new Array<number>(20).fill(1e-16)]
    const spectrum = unfold(levels, 5)
    expect(spectrum).toMatchObject({ levels: 50, droppedNull: 50, droppedRepeated: 0 })
    expect(spectrum.unfolded).toEqual(unfold(evenly(50), 5).unfolded)
  })

  it('finds the null space where weight decay puts it', () => {
    const shifted = [...evenly(50).map((value) => value + 0.001), ...new Array<number>(30).fill(0.001)]
    expect(unfold(shifted, 5, { at: 0.001, within: 1e-9 })).toMatchObject({ levels: 50, droppedNull: 30 })
    expect(unfold(shifted, 5)).toMatchObject({ levels: 50, droppedNull: 0, droppedRepeated: 30 })
  })

  it('keeps short runs of equal levels, which have a width', () => {
    const { levels, unfolded } = unfold([...evenly(50), ...new Array<number>(9).fill(25)], 5)
    expect(levels).toBe(59)
    expect(unfolded.every(Number.isFinite)).toBe(true)
  })

  it('says how many levels a window needs', () => {
    expect(levelsNeeded(15)).toBe(62)
    expect(() => unfold(evenly(61))).toThrow(
      '61 of 61 levels lie outside the null space, but a window of 15 needs at least 62; give more levels or a window of at most 14',
    )
    expect(unfold(evenly(62)).unfolded).toHaveLength(2)
    expect(spacings(unfold(evenly(62)).unfolded)).toEqual(Float64Array.of(1))
    for (const few of [0, 1, 2, 3, 5]) expect(() => unfold(evenly(few), 1)).toThrow(`${few} of ${few} levels`)
    expect(() => unfold(new Float64Array(200))).toThrow('0 of 200 levels')
  })

  it('refuses levels and windows that are not numbers', () => {
    expect(() => unfold([1, NaN, 2], 1)).toThrow('level 1 is NaN')
    expect(() => unfold(evenly(99), 0)).toThrow('window=0')
    expect(() => unfold(evenly(99), 2.5)).toThrow('window=2.5')
    expect(() => unfold(evenly(99), 5, { within: NaN })).toThrow('within NaN')
    expect(() => spacings(Float64Array.of(1))).toThrow('1 unfolded levels')
    expect(() => spacings(Float64Array.of(1, 1))).toThrow('mean spacing is 0')
  })
})
