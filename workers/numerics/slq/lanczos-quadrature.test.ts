import { describe, expect, it } from 'vitest'
import { fromFunction, fromMatrix } from '../linear-operator.ts'
import { createRandom } from '../random.ts'
import { symmetricEigen } from '../symmetric-eigen.ts'
import { symmetricWithSpectrum } from '../test-matrices.ts'
import { dot, float64Space } from '../vector-space.ts'
import { stochasticLanczosQuadrature, type SlqOptions, type SlqProbe } from './lanczos-quadrature.ts'
import { quadratureMoment, spectrumEstimates } from './quadrature-estimates.ts'
import { leadingQuadrature, type SpectralQuadrature } from './spectral-quadrature.ts'

const random = createRandom(1, 'slq test matrices')
const options = (over: Partial<SlqOptions> = {}): SlqOptions => ({ probes: 4, steps: 6, random: createRandom(5, 'slq'), ...over })
const matrixWith = (spectrum: number[]) => fromMatrix(symmetricWithSpectrum(spectrum, random), spectrum.length)
const row = (quadrature: SpectralQuadrature, values: Float64Array, p: number) =>
  values.subarray(p * quadrature.steps, p * quadrature.steps + quadrature.counts[p])

describe('one probe', () => {
  const n = 40
  const matrix = symmetricWithSpectrum(Array.from({ length: n }, (_, i) => Math.sqrt(i) - 3), random)

  it('integrates every polynomial of degree below 2·steps exactly: Σ w θᵏ = vᵀAᵏv', async () => {
    const steps = 5
    const quadrature = await stochasticLanczosQuadrature(fromMatrix(matrix, n), options({ probes: 1, steps }))
    const v = float64Space.random(n, createRandom(5, 'slq'))
    float64Space.scale(1 / float64Space.norm(v), v)
    let power = v
    for (let k = 0; k < 2 * steps; k++) {
      const sum = quadrature.nodes.reduce((total, node, i) => total + quadrature.weights[i] * node ** k, 0)
      expect(Math.abs(sum - dot(v, power))).toBeLessThan(1e-13 * 4 ** k)
      const next = new Float64Array(n)
      await fromMatrix(matrix, n).apply(power, next)
      power = next
    }
    const missed = quadrature.nodes.reduce((total, node, i) => total + quadrature.weights[i] * node ** 10, 0)
    expect(Math.abs(missed - dot(v, power))).toBeGreaterThan(1)
  })

  it('has an eigenvalue within the residual of every node', async () => {
    const { eigenvalues } = symmetricEigen(matrix, n)
    const { nodes, residuals } = await stochasticLanczosQuadrature(fromMatrix(matrix, n), options({ steps: 20 }))
    nodes.forEach((node, i) => {
      const distance = Math.min(...eigenvalues.map((value) => Math.abs(value - node)))
      expect(distance).toBeLessThanOrEqual(residuals[i] + 1e-13)
    })
  })

  it('is the spectral measure itself when steps = n', async () => {
    const { eigenvalues, eigenvectors } = symmetricEigen(matrix, n)
    const quadrature = await stochasticLanczosQuadrature(fromMatrix(matrix, n), options({ probes: 1, steps: n }))
    expect(quadrature).toMatchObject({ outcome: 'breakdown', products: n })
    const v = float64Space.random(n, createRandom(5, 'slq'))
    float64Space.scale(1 / float64Space.norm(v), v)
    eigenvalues.forEach((value, i) => {
      expect(Math.abs(quadrature.nodes[i] - value)).toBeLessThan(1e-12)
      expect(Math.abs(quadrature.weights[i] - dot(eigenvectors.subarray(i * n, (i + 1) * n), v) ** 2)).toBeLessThan(1e-12)
    })
  })

  it('is the same probe whatever the number of steps, and its leading part is the shorter run', async () => {
    const long = await stochasticLanczosQuadrature(fromMatrix(matrix, n), options({ steps: 12 }))
    const short = await stochasticLanczosQuadrature(fromMatrix(matrix, n), options({ steps: 7 }))
    const { products: _products, outcome: _outcome, ...quadrature } = short
    expect(leadingQuadrature(long, 7)).toEqual(quadrature)
  })
})

describe('special matrices', () => {
  it.each([
    ['diagonal', [5, 4, 3, 2, 1, 0, -1, -2], 8],
    ['degenerate', [3, 3, 3, 2, 2, 1, 1, 1, 1], 3],
    ['rank-deficient', [7, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 3],
    ['indefinite', [4, 1, 1, -1, -1, -3], 4],
    ['zero', [0, 0, 0, 0], 1],
    ['of size 3', [2, 1, -1], 3],
    ['of size 2', [1, -1], 2],
    ['of size 1', [-3], 1],
  ])('a matrix %s gets one node per distinct eigenvalue and weights that sum to one', async (_name, spectrum, distinct) => {
    const quadrature = await stochasticLanczosQuadrature(matrixWith(spectrum), options({ steps: spectrum.length }))
    expect(quadrature.outcome).toBe('breakdown')
    expect([...quadrature.counts]).toEqual([distinct, distinct, distinct, distinct])
    expect(quadrature.products).toBe(4 * distinct)
    const values = [...new Set(spectrum)]
    for (let p = 0; p < 4; p++) {
      row(quadrature, quadrature.nodes, p).forEach((node, i) => expect(Math.abs(node - values[i])).toBeLessThan(1e-12))
      expect(Math.abs(row(quadrature, quadrature.weights, p).reduce((a, b) => a + b) - 1)).toBeLessThan(1e-14)
    }
    const padding = quadrature.nodes.length - 4 * distinct
    expect(quadrature.nodes.filter(Number.isNaN).length).toBe(padding)
    expect(quadrature.weights.reduce((a, b) => a + b)).toBeCloseTo(4, 13)
  })

  it('a random symmetric matrix has the moments and quarters of the semicircle', async () => {
    const n = 300
    const goe = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const entry = (random.normal() * (i === j ? Math.SQRT2 : 1)) / Math.sqrt(n)
        goe[i * n + j] = entry
        goe[j * n + i] = entry
      }
    }
    const quadrature = await stochasticLanczosQuadrature(fromMatrix(goe, n), options({ probes: 8, steps: 30 }))
    const catalan = [1, 0, 1, 0, 2, 0, 5, 0, 14]
    catalan.forEach((moment, k) => {
      expect(Math.abs(quadratureMoment(quadrature, k).value / n - moment)).toBeLessThan(0.02 * 2 ** k)
    })
    // ∫ from −2 to −1 of √(4 − x²)/2π
    const quarter = 1 / 3 - Math.sqrt(3) / (4 * Math.PI)
    const { fractionBelow, negativeMass } = spectrumEstimates(quadrature, -1)
    expect(Math.abs(fractionBelow.value - quarter)).toBeLessThan(0.02)
    expect(Math.abs(negativeMass.value - 0.5)).toBeLessThan(0.02)
  })
})

describe('streaming and ends', () => {
  const operator = matrixWith([5, 4, 3, 2, 1, 0.5, 0.25, 0.125])

  it('every probe is reported as soon as it is done, every step too', async () => {
    const probes: SlqProbe[] = []
    let steps = 0
    const result = await stochasticLanczosQuadrature(operator, options({ onProbe: (probe) => void probes.push(probe), onStep: () => void steps++ }))
    expect(probes.map(({ probesDone, of, products }) => [probesDone, of, products])).toEqual([[1, 4, 6], [2, 4, 12], [3, 4, 18], [4, 4, 24]])
    expect(steps).toBe(24)
    probes.forEach((probe, p) => expect(probe.nodes).toEqual(row(result, result.nodes, p)))
    expect(result).toMatchObject({ outcome: 'max-steps', probesDone: 4, products: 24, size: 8, steps: 6 })
    expect(Object.isFrozen(result)).toBe(true)
  })

  it('a cancelled run keeps the finished probes, also when the operator or the rest gives up in the middle', async () => {
    const whole = await stochasticLanczosQuadrature(operator, options())
    for (const gives of ['shouldStop', 'operator', 'rest']) {
      let products = 0
      const stopping = fromFunction(8, async (x, y) => {
        if (++products === 15 && gives === 'operator') throw new Error('interrupted')
        await operator.apply(x, y)
      })
      const rest = () => (products === 15 && gives === 'rest' ? Promise.reject(new Error('interrupted')) : Promise.resolve())
      const result = await stochasticLanczosQuadrature(stopping, options({ shouldStop: () => products >= 15, rest }))
      expect(result).toMatchObject({ outcome: 'cancelled', probesDone: 2 })
      expect(result.nodes).toEqual(whole.nodes.subarray(0, 12))
    }
    const none = await stochasticLanczosQuadrature(operator, options({ shouldStop: () => true }))
    expect(none).toMatchObject({ outcome: 'cancelled', probesDone: 0, products: 0 })
  })

  it('repeats to the bit from the same seed', async () => {
    expect(await stochasticLanczosQuadrature(operator, options())).toEqual(await stochasticLanczosQuadrature(operator, options()))
  })
})

describe('rejected input', () => {
  it.each([
    [{ probes: 0 }, 'slq: probes=0 is not a whole number from 1 on'],
    [{ probes: 1.5 }, 'probes=1.5'],
    [{ steps: 0 }, 'steps=0'],
    [{ steps: 4 }, 'steps=4 exceeds operator size 3; choose at most 3'],
  ])('%o', async (over, message) => {
    await expect(stochasticLanczosQuadrature(matrixWith([3, 2, 1]), options({ steps: 3, ...over }))).rejects.toThrow(message)
  })

  it('size 0, products that are not finite, and operators that are not symmetric', async () => {
    await expect(stochasticLanczosQuadrature(fromMatrix(new Float64Array(0), 0), options())).rejects.toThrow('the matrix has size 0')
    for (const bad of [NaN, Infinity]) {
      const failing = fromFunction(9, (x, y) => y.set(x.map((value, i) => (i === 4 ? bad : value))))
      const run = stochasticLanczosQuadrature(failing, options())
      await expect(run).rejects.toThrow(`slq: a product with the matrix is not finite: product 1 is ${bad} at entry 4`)
      await expect(run).rejects.toThrow(RangeError)
    }
    const skew = fromMatrix(Float64Array.of(0, 1, -1, 0), 2, { symmetric: false })
    await expect(stochasticLanczosQuadrature(skew, options({ steps: 2 }))).rejects.toThrow('not declared symmetric')
  })
})
