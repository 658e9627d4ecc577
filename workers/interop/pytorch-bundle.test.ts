import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import { uploadData } from '../networks/resident-data.ts'
import { selectParameters } from '../networks/selection.ts'
import { lanczosEigenpairs } from '../numerics/lanczos.ts'
import { createRandom } from '../numerics/random.ts'
import { Curvature } from '../operators/curvature.ts'
import { checkDirection, productCheck, pytorchBundle, type BundleFile, type ExpectedAnalysis } from './pytorch-bundle.ts'
import { readWeights } from './read-weights.ts'
import { noise, testNetwork, testState, type TestNetwork } from './test-networks.ts'

type Question = Pick<ExpectedAnalysis, 'selection' | 'weightDecay' | 'decayed' | 'batchNorm'> & { readonly largest: number; readonly smallest: number }

const ENVIRONMENT = { ...process.env, OMP_NUM_THREADS: '1' }
const python = ['python3', '/usr/bin/python3'].find((command) => spawnSync(command, ['-c', 'import numpy, torch']).status === 0)
const hasScipy = python !== undefined && spawnSync(python, ['-c', 'import scipy']).status === 0
if (python === undefined) console.warn('No python3 with torch: the script of PyTorch bundles is not run.')

const folder = mkdtempSync(path.join(tmpdir(), 'bundle-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** Everything that a bundle tells, by the reference engine in float64. */
async function analyse({ network, settings }: TestNetwork, samples: number, question: Question): Promise<Record<BundleFile, Uint8Array>> {
  const { selection, weightDecay, decayed, batchNorm } = question
  const [state, inputs] = [testState(network), noise(samples * network.inputSize, 3).map((x) => 2 * x)]
  const labels = Uint8Array.from({ length: samples }, (_, i) => i % network.classes)
  const engine = createReferenceEngine()
  const weights = engine.allocate('float', network.stateLength, 'weights')
  engine.write(weights, state)
  const data = uploadData(engine, inputs, labels, network.inputSize, 'samples')
  const curvature = await Curvature.create(engine, network, weights, data, selectParameters(network, selection), { matrix: 'hessian', weightDecay, decayed, batchNorm })
  const { loss, gradient } = await curvature.linearise()
  const hv = new Float64Array(curvature.size)
  await curvature.apply(checkDirection(curvature.size, 5), hv)
  const found = await lanczosEigenpairs(curvature, { largest: question.largest, smallest: question.smallest, maxProducts: curvature.size, tolerance: 1e-7, random: createRandom(1, 'start') })
  const pairs = Array.from(found.eigenvalues, (value, i) => ({ value, residual: found.residuals[i], converged: found.converged[i] }))
  const expected: ExpectedAnalysis = {
    ...{ selection, weightDecay, decayed, batchNorm, loss, gradientNorm: Math.hypot(...gradient), product: productCheck(5, hv) },
    largest: pairs.slice(0, question.largest),
    smallest: pairs.slice(question.largest).reverse(),
  }
  return pytorchBundle({ settings, network, state, samples: inputs, labels, expected })
}

function run(files: Record<string, Uint8Array>, ...options: string[]): { status: number | null; output: string } {
  const place = mkdtempSync(path.join(folder, 'run-'))
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(place, name), bytes)
  const { status, stdout, stderr } = spawnSync(python ?? '', [path.join(place, 'analyse.py'), ...options], { encoding: 'utf8', env: ENVIRONMENT })
  return { status, output: stdout + stderr }
}

const mlp = testNetwork('MLP, tanh', '30,20', 25, 'tanh')
const small = testNetwork('MLP, ReLU', '9b,7', 12)
const lenet = testNetwork('LeNet', 'c3x5,p2,c4x3v,p2,9,6', [10, 10, 3])
const resnet = testNetwork('residual blocks, GELU', 'c3x3b,r3b,r4/2b,g', [6, 6, 2], 'gelu')
const odd = testNetwork('odd strides and paddings', 'c4x4/3,a3/2,r3,p2v/1,5', [13, 11, 2], 'softplus')
const question: Question = { selection: 'all', weightDecay: 0, decayed: 'kernels', batchNorm: 'inference', largest: 3, smallest: 2 }

const cases: { what: string; given: TestNetwork; samples: number; asked: Partial<Question> }[] = [
  { what: 'whole network', given: mlp, samples: 40, asked: { weightDecay: 0.01, largest: 5 } },
  { what: 'kernel and bias of one layer, batch norm before it', given: small, samples: 30, asked: { selection: '2.kernel+2.bias', weightDecay: 0.01 } },
  { what: 'all eigenvalues of gamma, beta and a bias, zeros among them', given: small, samples: 30, asked: { selection: '1.gamma+1.beta+3.bias', largest: 11, smallest: 11 } },
  { what: 'whole network, decay on dense layers', given: lenet, samples: 12, asked: { weightDecay: 0.02, decayed: 'dense' } },
  { what: 'one kernel', given: lenet, samples: 12, asked: { selection: '2.kernel', weightDecay: 0.02 } },
  { what: 'running statistics', given: resnet, samples: 10, asked: { weightDecay: 0.01 } },
  { what: 'statistics of the samples', given: resnet, samples: 10, asked: { batchNorm: 'training' } },
  { what: 'whole network', given: odd, samples: 8, asked: {} },
]

describe.skipIf(python === undefined)('the script of a bundle finds our numbers in PyTorch', () => {
  test.each(cases.map((one) => ({ ...one, name: one.given.name })))('$name: $what', async ({ given, samples, asked }) => {
    const { status, output } = run(await analyse(given, samples, { ...question, ...asked }), '--batch', '7')
    expect(output).toContain('The numbers agree.')
    expect(output).toContain('largest eigenvalue 3')
    expect(status).toBe(0)
  })

  test.skipIf(!hasScipy)('by SciPy too', async () => {
    const { status, output } = run(await analyse(mlp, 40, question), '--scipy')
    expect(output).toContain('The numbers agree.')
    expect(status).toBe(0)
  })

  test('a number that differs by more than 1e-4 is shown and ends with status 1', async () => {
    const files = await analyse(small, 30, question)
    const expected = JSON.parse(new TextDecoder().decode(files['expected.json']))
    const changed = { ...expected, loss: expected.loss * 1.0002, largest: expected.largest.map((pair: object) => ({ ...pair, converged: false, value: 1 })) }
    const { status, output } = run({ ...files, 'expected.json': new TextEncoder().encode(JSON.stringify(changed)) })
    expect(output).toMatch(/^loss .* DIFFERS$/m)
    expect(output).toMatch(/^largest eigenvalue 1 .*not compared$/m)
    expect(output).toContain('1 numbers differ')
    expect(status).toBe(1)
  })
})

describe('a bundle', () => {
  test('holds the weights under our names, and the same bytes each time', async () => {
    const files = await analyse(resnet, 4, { ...question, smallest: 0 })
    expect(readWeights([{ name: 'weights.npz', bytes: files['weights.npz'] }], resnet.network, resnet.settings)).toEqual(testState(resnet.network))
    expect(await analyse(resnet, 4, { ...question, smallest: 0 })).toEqual(files)
  })

  test('refuses samples of another size and an unknown selection', () => {
    const expected = { ...question, loss: 1, gradientNorm: 1, product: productCheck(1, new Float64Array(1)), largest: [], smallest: [] }
    const bundle = { settings: mlp.settings, network: mlp.network, state: testState(mlp.network), samples: new Float32Array(50), labels: new Uint8Array(2), expected }
    expect(() => pytorchBundle({ ...bundle, samples: new Float32Array(49) })).toThrow(/samples: 49 numbers, expected 2 × 25/)
    expect(() => pytorchBundle({ ...bundle, expected: { ...expected, selection: '9.kernel' } })).toThrow(/9.kernel is not part/)
  })

  test('the direction of the product check fills [−1, 1) evenly and is exact in float32', () => {
    const direction = checkDirection(10000, 3)
    expect(direction).toEqual(Float64Array.from(Float32Array.from(direction)))
    expect(Math.min(...direction)).toBeGreaterThanOrEqual(-1)
    expect(Math.max(...direction)).toBeLessThan(1)
    expect(direction.reduce((sum, x) => sum + x, 0) / 10000).toBeCloseTo(0, 1)
    expect(direction.reduce((sum, x) => sum + x * x, 0) / 10000).toBeCloseTo(1 / 3, 1)
    expect(checkDirection(10000, 4)).not.toEqual(direction)
  })
})
