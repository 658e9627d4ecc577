import { unzipSync } from 'fflate'
import { beforeAll, describe, expect, test } from 'vitest'
import { readNpz } from '../data/npz.ts'
import { sha256Hex } from '../data/sha256.ts'
import { readWeights } from '../interop/read-weights.ts'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import { loadDataset } from '../data/loader.ts'
import { buildNetwork } from '../networks/network.ts'
import { uploadData } from '../networks/resident-data.ts'
import { selectParameters } from '../networks/selection.ts'
import { Curvature } from '../operators/curvature.ts'
import { miniExperiment, miniSource, testLab, withTraining, type TestLab } from './test-lab.ts'

interface Manifest {
  readonly schema: number
  readonly experiment: unknown
  readonly dataset: { readonly name: string; readonly sha256: string }
  readonly engine: string
  readonly fingerprint: string
  readonly weightsEpoch: number
  readonly layout: readonly { readonly name: string; readonly shape: readonly number[]; readonly offset: number }[]
  readonly results: readonly { readonly kind: string; readonly provenance: { readonly epoch: number } }[]
  readonly sha256: Readonly<Record<string, string>>
}

const experiment = withTraining({ weightDecay: 0.001 })
const network = buildNetwork(experiment.network, 12, 4)

async function exported(lab: TestLab) {
  const { name, mime, bytes } = await lab.session.exportRun()
  const files = unzipSync(bytes)
  const manifest = JSON.parse(new TextDecoder().decode(files['manifest.json'])) as Manifest
  return { name, mime, files, manifest, arrays: readNpz(files['arrays.npz']), theta: readWeights([{ name: 'weights.safetensors', bytes: files['weights.safetensors'] }], network, experiment.network) }
}

const shapes = (arrays: Awaited<ReturnType<typeof exported>>['arrays']) => Object.fromEntries([...arrays].map(([key, { dtype, shape }]) => [key, [dtype, ...shape]]))

let lab: TestLab
beforeAll(async () => {
  lab = await testLab()
  await lab.open(experiment)
  await lab.session.runAll()
})

/** ‖Hh − λh‖ of exported pairs at exported weights, in float64. */
async function residuals({ arrays, theta }: Awaited<ReturnType<typeof exported>>): Promise<readonly number[]> {
  const engine = createReferenceEngine()
  const { train } = await loadDataset({ name: 'mnist', trainSamples: 200, testSamples: 1 }, miniSource())
  const data = uploadData(engine, train.images, train.labels, 12, 'check')
  const weights = engine.allocate('float', network.parameterCount, 'check')
  engine.write(weights, theta)
  const curvature = await Curvature.create(engine, network, weights, data, selectParameters(network, '2.kernel'), { matrix: 'hessian', weightDecay: 0.001 })
  await curvature.linearise()
  const [values, vectors] = [Float64Array.from(arrays.get('eigenvalues')?.data ?? []), Float64Array.from(arrays.get('eigenvectors')?.data ?? [])]
  const found: number[] = []
  for (let i = 0; i < values.length; i++) {
    const h = vectors.slice(i * 48, (i + 1) * 48)
    const product = new Float64Array(48)
    await curvature.apply(h, product)
    found.push(Math.sqrt(product.reduce((sum, entry, k) => sum + (entry - values[i] * h[k]) ** 2, 0)) / values[0])
  }
  return found
}

describe('an exported run', () => {
  test('has four files whose hashes are in the manifest', async () => {
    const { name, mime, files, manifest } = await exported(lab)
    expect([name, mime]).toEqual(['hessian-lab-mlp50-quick.zip', 'application/zip'])
    expect(Object.keys(files)).toEqual(['manifest.json', 'weights.safetensors', 'arrays.npz', 'metrics.csv'])
    for (const file of ['weights.safetensors', 'arrays.npz', 'metrics.csv']) expect(manifest.sha256[file]).toBe(sha256Hex(files[file]))
  })

  test('says what it is: settings, data, engine, fingerprint, layout, results', async () => {
    const { manifest } = await exported(lab)
    expect(manifest).toMatchObject({ schema: 1, experiment, engine: 'wasm', fingerprint: lab.fingerprint(), weightsEpoch: 3 })
    expect(manifest.dataset).toEqual({ name: 'mnist', sha256: lab.ofType('data')[0].data.hash })
    expect(manifest.layout[2]).toEqual({ name: 'dense_2/kernel', shape: [8, 6], offset: 104 })
    expect(manifest.results.map(({ kind }) => kind)).toEqual(['singularValues', 'spectrum', 'principalComponents', 'overlap', 'overlap', 'overlap', 'overlap', 'eigenvectors', 'spacings'])
  })

  test('names its arrays, with their types and shapes', async () => {
    const { arrays } = await exported(lab)
    expect(shapes(arrays)).toEqual({
      eigenvalues: ['f8', 7],
      eigenvectors: ['f8', 7, 48],
      residuals: ['f8', 7],
      converged: ['u1', 7],
      iterations: ['f8', 1],
      weight_product: ['f8', 7],
      ipr: ['f8', 7],
      singular_values_1: ['f8', 8],
      singular_values_2: ['f8', 6],
      singular_values_3: ['f8', 4],
      singular_values_initial_1: ['f8', 8],
      singular_values_initial_2: ['f8', 6],
      singular_values_initial_3: ['f8', 4],
      singular_values_permuted_1: ['f8', 8],
      singular_values_permuted_2: ['f8', 6],
      singular_values_permuted_3: ['f8', 4],
      'vectors_2.kernel_concentration': ['f8', 1, 7],
      'vectors_2.kernel_ipr': ['f8', 7],
      'vectors_2.kernel_porter_thomas_distance': ['f8', 7],
      'vectors_2.kernel_porter_thomas_p': ['f8', 7],
      'vectors_2.kernel_weight_product': ['f8', 7],
      spacings_kernel_1: ['f8', 0],
      pc_weights: ['f8', 6, 48],
      pc_velocities: ['f8', 6, 48],
      variances_weights: ['f8', 6],
      variances_velocities: ['f8', 6],
      theta_t: ['f8', 3, 30],
      overlap_singularHessian: ['f4', 6, 7],
      overlap_singularPca: ['f4', 6, 6],
      overlap_hessianWeights: ['f4', 6, 7],
      overlap_hessianVelocities: ['f4', 6, 7],
    })
  })

  test('holds eigenvectors of the Hessian at the exported weights, weight decay included', async () => {
    for (const residual of await residuals(await exported(lab))) expect(residual).toBeLessThan(1e-3)
  })

  test('has one line per epoch in metrics.csv, under the usual names', async () => {
    const { files } = await exported(lab)
    const lines = new TextDecoder().decode(files['metrics.csv']).trim().split('\n')
    expect(lines[0]).toBe('training_exp,epoch,training_accuracy,val_accuracy,training_loss,val_loss,step,learning_rate')
    const rows = lines.slice(1).map((line) => line.split(',').map(Number))
    expect(rows.map(([, epoch]) => epoch)).toEqual([0, 1, 2, 3])
    expect(rows.map((row) => row[6])).toEqual([0, 15, 30, 45])
    const history = lab.ofType('training').at(-1)?.update.history
    expect(rows.map((row) => row[5])).toEqual(history?.testLoss)
    expect(rows.every((row) => row.length === 8 && row.every(Number.isFinite))).toBe(true)
  })

  test('is the same to the byte when exported again', async () => {
    expect((await lab.session.exportRun()).bytes).toEqual((await lab.session.exportRun()).bytes)
  })

  test('at an earlier checkpoint holds the weights that were analysed', async () => {
    const early = await testLab()
    await early.open(experiment)
    await early.session.train()
    await early.session.analyse(1)
    const run = await exported(early)
    expect(run.manifest.weightsEpoch).toBe(1)
    expect(run.manifest.results.every(({ provenance }) => provenance.epoch === 1)).toBe(true)
    for (const residual of await residuals(run)) expect(residual).toBeLessThan(1e-3)
  })

  test('before anything ran has the initial weights and no arrays', async () => {
    const fresh = await testLab()
    await fresh.open()
    const { arrays, manifest, theta } = await exported(fresh)
    expect([arrays.size, manifest.weightsEpoch, manifest.fingerprint]).toEqual([0, 0, null])
    expect(theta.some((value) => value !== 0)).toBe(true)
  })
})

describe('one result', () => {
  test.each([
    { kind: 'spectrum', overlap: null, keys: ['eigenvalues', 'eigenvectors', 'residuals', 'converged', 'iterations', 'weight_product', 'ipr'] },
    { kind: 'singularValues', overlap: null, keys: ['singular_values_1', 'singular_values_initial_1', 'singular_values_permuted_1', 'singular_values_2', 'singular_values_initial_2', 'singular_values_permuted_2', 'singular_values_3', 'singular_values_initial_3', 'singular_values_permuted_3'] },
    { kind: 'principalComponents', overlap: null, keys: ['pc_weights', 'pc_velocities', 'variances_weights', 'variances_velocities', 'theta_t'] },
    { kind: 'overlap', overlap: 'hessianWeights', keys: ['overlap_hessianWeights'] },
  ] as const)('$kind $overlap is an .npz of its arrays', async ({ kind, overlap, keys }) => {
    const { name, bytes } = await lab.session.exportResult(kind, overlap)
    expect(name).toBe(`hessian-lab-${overlap ?? kind}.npz`)
    expect([...readNpz(bytes).keys()]).toEqual(keys)
  })

  test('that is not there yet is refused', async () => {
    const fresh = await testLab()
    await fresh.open()
    await expect(fresh.session.exportResult('spectrum', null)).rejects.toMatchObject({ code: 'not-ready', remedy: 'Run the analysis first.' })
  })

  test('a second Hessian has its number in front of its arrays', async () => {
    const [singular, hessian, pca] = miniExperiment().analyses
    const two = await testLab()
    await two.open(miniExperiment({ analyses: [singular, hessian, { ...hessian, selection: '3.kernel', largest: 2, smallest: 0 } as typeof hessian, pca] }))
    await two.session.runAll()
    const { arrays } = await exported(two)
    expect(arrays.get('a2_eigenvectors')?.shape).toEqual([2, 24])
    expect(arrays.get('overlap_hessianWeights')?.shape).toEqual([6, 7])
  })
})
