import { describe, expect, it } from 'vitest'
import { lanczosTridiagonal } from '../lanczos-process.ts'
import { fromFunction, fromMatrix } from '../linear-operator.ts'
import { createRandom } from '../random.ts'
import { symmetricWithSpectrum } from '../test-matrices.ts'
import { lanczosHistory, type LanczosHistory, type LanczosHistoryOptions, type LanczosHistoryStep } from './lanczos-history.ts'

const options = (over: Partial<LanczosHistoryOptions> = {}): LanczosHistoryOptions => ({ steps: 40, random: createRandom(3, 'history'), ...over })
const diagonal = (entries: ArrayLike<number>) => fromFunction(entries.length, (x, y) => x.forEach((value, i) => (y[i] = entries[i] * value)))
const ritzOf = ({ offsets, ritzValues }: LanczosHistory, step: number) => ritzValues.subarray(offsets[step - 1], offsets[step])
const copiesOf = (value: number, ritz: Float64Array) => ritz.filter((entry) => Math.abs(entry - value) < 1e-6).length

describe('a few large eigenvalues over a bulk', () => {
  const entries = Float64Array.from({ length: 300 }, (_, i) => (i < 3 ? 10 - 2 * i : Math.cos(i)))

  it('without reorthogonalisation the largest comes again as a ghost, and orthogonality is lost', async () => {
    const history = await lanczosHistory(diagonal(entries), options({ steps: 100, reorthogonalise: false }))
    expect(copiesOf(10, ritzOf(history, 100))).toBeGreaterThanOrEqual(2)
    expect(history.orthogonalityLoss[99]).toBeGreaterThan(0.5)
  })

  it('with it there is one of each, and vectors orthogonal to the last digits', async () => {
    const history = await lanczosHistory(diagonal(entries), options({ steps: 100 }))
    for (const value of [10, 8, 6]) expect(copiesOf(value, ritzOf(history, 100))).toBe(1)
    expect(history.orthogonalityLoss[99]).toBeLessThan(1e-14)
  })

  it('both begin alike', async () => {
    const kept = await lanczosHistory(diagonal(entries), options({ steps: 8 }))
    const lost = await lanczosHistory(diagonal(entries), options({ steps: 8, reorthogonalise: false }))
    kept.alphas.forEach((alpha, i) => expect(lost.alphas[i]).toBeCloseTo(alpha, 10))
    kept.betas.forEach((beta, i) => expect(lost.betas[i]).toBeCloseTo(beta, 10))
  })
})

describe('what is recorded', () => {
  const spectrum = Array.from({ length: 30 }, (_, i) => Math.sqrt(i) - 2)
  const operator = fromMatrix(symmetricWithSpectrum(spectrum, createRandom(1, 'history test matrix')), 30)

  it('the coefficients are those of the Lanczos process', async () => {
    const history = await lanczosHistory(operator, options({ steps: 20 }))
    const process = await lanczosTridiagonal(operator, { steps: 20, random: createRandom(3, 'history') })
    process.alphas.forEach((alpha, i) => expect(history.alphas[i]).toBeCloseTo(alpha, 12))
    process.betas.forEach((beta, i) => expect(history.betas[i]).toBeCloseTo(beta, 12))
    expect(history.betas[19]).toBeCloseTo(process.lastBeta, 12)
  })

  it('j Ritz values after step j, each with an eigenvalue within its residual, interlacing from step to step', async () => {
    const history = await lanczosHistory(operator, options({ steps: 15 }))
    expect([...history.offsets.subarray(0, 4)]).toEqual([0, 1, 3, 6])
    expect(history.ritzValues.length).toBe(120)
    history.ritzValues.forEach((value, i) => {
      const distance = Math.min(...spectrum.map((eigenvalue) => Math.abs(eigenvalue - value)))
      expect(distance).toBeLessThanOrEqual(history.residualEstimates[i] + 1e-12)
    })
    for (let step = 2; step <= 15; step++) {
      const [before, after] = [ritzOf(history, step - 1), ritzOf(history, step)]
      before.forEach((value, i) => expect(after[i] >= value && value >= after[i + 1]).toBe(true))
    }
  })

  it('all eigenvalues after n steps, and an end where an invariant subspace is spanned', async () => {
    const whole = await lanczosHistory(operator, options({ steps: 30 }))
    expect(whole.outcome).toBe('breakdown')
    ;[...spectrum].sort((a, b) => b - a).forEach((value, i) => expect(ritzOf(whole, 30)[i]).toBeCloseTo(value, 10))
    for (const reorthogonalise of [true, false]) {
      const three = await lanczosHistory(diagonal([3, 3, 2, 2, 1]), options({ steps: 5, reorthogonalise }))
      expect(three).toMatchObject({ outcome: 'breakdown', products: 3 })
    }
    expect(await lanczosHistory(diagonal([0, 0, 0]), options({ steps: 2 }))).toMatchObject({ outcome: 'breakdown', products: 1 })
    expect(await lanczosHistory(diagonal([-7]), options({ steps: 1 }))).toMatchObject({ outcome: 'breakdown', ritzValues: Float64Array.of(-7) })
  })

  it('reports every step and keeps them when cancelled', async () => {
    const reports: LanczosHistoryStep[] = []
    const onStep = (step: LanczosHistoryStep): void => void reports.push(step)
    const history = await lanczosHistory(operator, options({ steps: 20, onStep, shouldStop: () => reports.length === 6 }))
    expect(history).toMatchObject({ outcome: 'cancelled', products: 6 })
    expect(reports[5].ritzValues).toEqual(ritzOf(history, 6))
  })
})

describe('rejected input', () => {
  it.each([
    [{ steps: 0 }, 'lanczos history: steps=0 is not a whole number from 1 on'],
    [{ steps: 4 }, 'steps=4 exceeds operator size 3; choose at most 3'],
    [{ steps: 2, start: new Float64Array(3) }, 'start has norm 0'],
  ])('%o', async (over, message) => {
    await expect(lanczosHistory(diagonal([3, 2, 1]), options(over))).rejects.toThrow(message)
  })

  it('more steps than the size are allowed without reorthogonalisation, where they find ghosts', async () => {
    const entries = Array.from({ length: 20 }, (_, i) => (i < 2 ? 50 - 20 * i : Math.cos(i)))
    const history = await lanczosHistory(diagonal(entries), options({ steps: 45, reorthogonalise: false }))
    expect(history.products).toBe(45)
    expect(copiesOf(50, ritzOf(history, 45))).toBeGreaterThanOrEqual(2)
  })

  it('size 0 and products that are not finite', async () => {
    await expect(lanczosHistory(diagonal([]), options())).rejects.toThrow('size 0')
    await expect(lanczosHistory(diagonal([1, Infinity]), options({ steps: 2 }))).rejects.toThrow('a product with the matrix is not finite')
  })
})
