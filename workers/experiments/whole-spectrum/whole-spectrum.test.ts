import { describe, expect, test } from 'vitest'
import { loadCase } from '../../../fixtures/load.ts'
import type { WholeSpectrumAnalysis } from '../../../src/contracts/experiment.ts'
import { createReferenceEngine } from '../../engine/reference/reference-engine.ts'
import { createWasmEngine } from '../../engine/wasm/wasm-engine.ts'
import { largestFittingSize, symmetricEigenBytes } from '../../linalg/layout.ts'
import { openLinalg } from '../../linalg/linalg.ts'
import { buildNetwork } from '../../networks/network.ts'
import { symmetricEigen } from '../../numerics/symmetric-eigen.ts'
import { layersOf } from '../../../src/contracts/layers.ts'
import type { Decay } from '../hessian/matrix.ts'
import { columnsOf, curvatureOf, depsFor, matrixBench, NO_DECAY, traceOf, type MatrixBench } from '../test-matrix.ts'
import { testPacing } from '../test-pacing.ts'
import { decomposeOnCpu, wholeSpectrum, type WholeSpectrum } from './whole-spectrum.ts'

const linalg = await openLinalg(null)

const settingsOf = (selection: string, more: Partial<WholeSpectrumAnalysis> = {}): WholeSpectrumAnalysis => ({
  kind: 'wholeSpectrum',
  ...curvatureOf(selection),
  vectors: true,
  solver: 'float64',
  compare: null,
  memory: 2000,
  ...more,
})

const run = ({ deps, state }: Pick<MatrixBench, 'deps' | 'state'>, settings: WholeSpectrumAnalysis, decay: Decay) => wholeSpectrum(deps, linalg, state, settings, decay, decomposeOnCpu(deps), () => undefined)

async function spectrumOf(bench: MatrixBench, settings: WholeSpectrumAnalysis, decay = NO_DECAY): Promise<WholeSpectrum> {
  const found = await run(bench, settings, decay)
  if (found === null) throw new Error('expected a spectrum')
  return found.spectrum
}

const farthest = (a: Float64Array, b: Float64Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)

describe('the whole spectrum equals that of the matrix written out by products', () => {
  const decay: Decay = { weightDecay: 0.03, decayed: 'kernels' }
  const both = ['2.kernel', '2.bias', '2.kernel+2.bias', '1.kernel', '3.kernel+3.bias'].flatMap((selection) => (['hessian', 'gaussNewton', 'fisher', 'empiricalFisher'] as const).map((matrix) => ({ selection, matrix })))

  test.each(both)('$matrix of $selection, one dense layer: from factors, without a product', async ({ selection, matrix }) => {
    const bench = matrixBench()
    const settings = settingsOf(selection, { matrix })
    const { values, size } = await columnsOf(bench, settings, decay)
    const expected = symmetricEigen(values, size)
    const { eigenvalues, build, residuals, orthogonality } = await spectrumOf(bench, settings, decay)
    expect([build.by, build.products, eigenvalues.length]).toEqual(['kronecker', 0, size])
    expect(farthest(eigenvalues, expected.eigenvalues)).toBeLessThan(1e-10)
    expect(build.trace).toBeCloseTo(traceOf({ values, size }), 10)
    expect(Math.max(...residuals, orthogonality ?? 1)).toBeLessThan(1e-12)
  })

  test.each([
    { name: 'of two layers', layers: '6,4', activation: 'relu', image: [1, 1, 5], selection: '1.bias+2.kernel' },
    { name: 'of a convolution', layers: 'c3x3,4', activation: 'relu', image: [4, 4, 1], selection: '1.kernel' },
    { name: 'of a network with tanh', layers: '4,3', activation: 'tanh', image: [1, 1, 5], selection: 'all' },
  ] as const)('$name: column by column', async ({ layers, activation, image, selection }) => {
    const bench = matrixBench({ layers, activation, image })
    const { values, size } = await columnsOf(bench, curvatureOf(selection), decay)
    const { eigenvalues, build } = await spectrumOf(bench, settingsOf(selection), decay)
    expect([build.by, build.products]).toEqual(['products', size])
    expect(farthest(eigenvalues, symmetricEigen(values, size).eigenvalues)).toBeLessThan(1e-10)
  })

  test.each(['relu', 'tanh'] as const)('a dense layer behind %s gives the same from factors and from products', async (activation) => {
    const bench = matrixBench({ activation })
    const { values, size } = await columnsOf(bench, curvatureOf('1.kernel'))
    expect(farthest((await spectrumOf(bench, settingsOf('1.kernel'))).eigenvalues, symmetricEigen(values, size).eigenvalues)).toBeLessThan(1e-10)
  })

  test('without vectors it has the same eigenvalues and checks no pair', async () => {
    const bench = matrixBench()
    const [plain, full] = [await spectrumOf(bench, settingsOf('2.kernel', { vectors: false })), await spectrumOf(bench, settingsOf('2.kernel'))]
    expect(farthest(plain.eigenvalues, full.eigenvalues)).toBeLessThan(1e-12)
    expect([plain.eigenvectors, plain.orthogonality, plain.residuals.length, plain.checked.length]).toEqual([null, null, 0, 0])
    expect([plain.bytes, full.bytes]).toEqual([symmetricEigenBytes(24, false), symmetricEigenBytes(24, true)])
  })
})

describe('weight decay', () => {
  test('adds 2λ to kernel entries and nothing to biases, with factors as with products', async () => {
    const bench = matrixBench()
    for (const selection of ['2.kernel+2.bias', 'all']) {
      const [bare, decayed] = [await spectrumOf(bench, settingsOf(selection)), await spectrumOf(bench, settingsOf(selection), { weightDecay: 0.25, decayed: 'kernels' })]
      const kernels = selection === 'all' ? 5 * 6 + 6 * 4 + 4 * 3 : 6 * 4
      expect(decayed.build.trace - bare.build.trace).toBeCloseTo(0.5 * kernels, 10)
    }
  })

  test('on dense layers only leaves convolutions alone', async () => {
    const bench = matrixBench({ layers: 'c2x3,4', image: [3, 3, 1] })
    const decay: Decay = { weightDecay: 0.25, decayed: 'dense' }
    const difference = async (selection: string) => (await spectrumOf(bench, settingsOf(selection), decay)).build.trace - (await spectrumOf(bench, settingsOf(selection))).build.trace
    expect(await difference('1.kernel')).toBeCloseTo(0, 12)
    expect(await difference('2.kernel')).toBeCloseTo(0.5 * 18 * 4, 10)
  })

  test('left out of the matrix leaves its spectrum as without', async () => {
    const bench = matrixBench()
    const decay: Decay = { weightDecay: 0.25, decayed: 'kernels' }
    const without = await spectrumOf(bench, settingsOf('2.kernel', { decayTerm: false }), decay)
    expect(Array.from(without.eigenvalues)).toEqual(Array.from((await spectrumOf(bench, settingsOf('2.kernel'))).eigenvalues))
  })
})

describe('invariants of ReLU networks', () => {
  const bench = matrixBench()

  test('the trace of the whole Hessian is that of its layers together and of the Gauss–Newton matrix', async () => {
    const trace = async (selection: string, matrix: 'hessian' | 'gaussNewton' = 'hessian') => (await spectrumOf(bench, settingsOf(selection, { matrix, vectors: false }))).build.trace
    const whole = await trace('all')
    const layers = (await trace('1.kernel+1.bias')) + (await trace('2.kernel+2.bias')) + (await trace('3.kernel+3.bias'))
    expect(layers).toBeCloseTo(whole, 10)
    expect(await trace('all', 'gaussNewton')).toBeCloseTo(whole, 10)
  })

  test.each(['1.kernel', '2.kernel+2.bias', '3.kernel', '3.bias'])('the layer %s alone has no negative eigenvalue', async (selection) => {
    const { eigenvalues, build } = await spectrumOf(bench, settingsOf(selection))
    expect(eigenvalues.at(-1)).toBeGreaterThan(-build.rounding * eigenvalues[0])
  })

  test('negative eigenvalues come from blocks across layers', async () => {
    expect((await spectrumOf(bench, settingsOf('all'))).eigenvalues.at(-1)).toBeLessThan(-1e-3)
    expect((await spectrumOf(bench, settingsOf('1.kernel+2.kernel'))).eigenvalues.at(-1)).toBeLessThan(-1e-3)
  })

  test('the last kernel has a null eigenvalue for each of its inputs, on any engine', async () => {
    for (const at of [bench, matrixBench({ engine: await createWasmEngine() })]) {
      const { eigenvalues, build } = await spectrumOf(at, settingsOf('3.kernel'))
      const null_ = eigenvalues.filter((value) => Math.abs(value) <= 10 * build.rounding * eigenvalues[0]).length
      expect(null_).toBeGreaterThanOrEqual(4)
      expect(eigenvalues.at(-1)).toBeGreaterThan(-1e-7 * eigenvalues[0])
    }
  })

  test('under weight decay they lie at 2λ', async () => {
    const { eigenvalues } = await spectrumOf(bench, settingsOf('3.kernel'), { weightDecay: 0.01, decayed: 'kernels' })
    expect(eigenvalues.filter((value) => Math.abs(value - 0.02) < 1e-12).length).toBeGreaterThanOrEqual(4)
  })
})

test.each([
  { name: 'without', weightDecay: 0, suffix: '' },
  { name: 'with', weightDecay: 0.01, suffix: '_l2' },
])('the eigenvalues of the tiny network are those of PyTorch $name weight decay', async ({ weightDecay, suffix }) => {
  const oracle = loadCase('c1_mlp_tiny')
  const network = buildNetwork({ layers: layersOf('8,6'), activation: 'relu', initialiser: 'glorotUniform' }, 20, 4)
  const host = { images: Float32Array.from(oracle.array('x')), labels: Uint8Array.from(oracle.array('y')) }
  const at = { deps: depsFor(createReferenceEngine(), network, host), state: Float32Array.from(oracle.array('theta')) }
  const found = await run(at, settingsOf('all', { vectors: false }), { weightDecay, decayed: 'kernels' })
  expect(farthest(found?.spectrum.eigenvalues ?? new Float64Array(250).fill(NaN), oracle.array(`eigvals${suffix}`))).toBeLessThan(1e-10)
  expect(found?.matrix.loss).toBeCloseTo(oracle.scalar(`loss${suffix}`), 10)
  if (weightDecay === 0) expect(found?.spectrum.build.trace).toBeCloseTo(8.534983, 6)
})

describe('what is not done', () => {
  test('a matrix that does not fit is refused with the largest size that does, before anything is computed', async () => {
    const bench = matrixBench({ layers: '80,60', image: [1, 1, 30] })
    const pacing = { ticks: 0 }
    const settings = settingsOf('all', { memory: 16 })
    const most = largestFittingSize(16e6, true)
    const found = wholeSpectrum({ ...bench.deps, openMatrix: () => { pacing.ticks++; throw new Error('not needed') } }, linalg, bench.state, settings, NO_DECAY, decomposeOnCpu(bench.deps), () => undefined)
    await expect(found).rejects.toMatchObject({ code: 'out-of-memory', message: expect.stringMatching(`^All eigenvalues of 7523 weights need 1\\d{3} MB with their vectors; .* for ${most} weights\\.$`) as string })
    expect(pacing.ticks).toBe(0)
  })

  test('more than a module can address is refused too, however much memory is allowed', async () => {
    const bench = matrixBench({ layers: '150,100', image: [1, 1, 100] })
    await expect(run(bench, settingsOf('all', { memory: 16384 }), NO_DECAY)).rejects.toMatchObject({ code: 'out-of-memory', message: expect.stringContaining('4294 MB') as string })
  })

  test('stopped while building it gives null and leaves no memory behind', async () => {
    const pacing = testPacing()
    const bench = matrixBench({ engine: await createWasmEngine(), pacing: { ...pacing, now: () => performance.now() * 1e6 } })
    const before = bench.engine.memoryBytes()
    const stop = (): void => pacing.stop()
    expect(await wholeSpectrum(bench.deps, linalg, bench.state, settingsOf('all'), NO_DECAY, decomposeOnCpu(bench.deps), stop)).toBeNull()
    expect(bench.engine.memoryBytes()).toBe(before)
  })

  test('a network that has diverged is said to have', async () => {
    const bench = matrixBench()
    await expect(run({ ...bench, state: bench.state.map(() => NaN) }, settingsOf('2.kernel'), NO_DECAY)).rejects.toMatchObject({ code: 'not-finite' })
  })
})
