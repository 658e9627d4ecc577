import { principalComponents } from '../workers/numerics/pca.ts'
import { createRandom } from '../workers/numerics/random.ts'
import { SnapshotRecorder } from '../workers/numerics/snapshots.ts'
import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import { atLeast, atMost, ratio, type Ratio } from './lib/measure.ts'
import { openBench, SAMPLES, STEPS, syntheticSamples } from './lib/mlp50.ts'

const SNAPSHOTS = 20_000
const PARAMETERS = 8_192
const GIGABYTE = 1e9

/** Resident memory of the process while 20,000 snapshots of 8,192 parameters are held and analysed, and of a long training. */
export async function benchMemory(): Promise<readonly Ratio[]> {
  const training = await trainingGrowth()
  const before = process.memoryUsage.rss()
  let peak = before
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20)
  const recorder = recordDrift()
  const sample = async (): Promise<void> => {
    peak = Math.max(peak, process.memoryUsage.rss())
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { residuals } = await principalComponents(recorder, { kind: 'weights', components: 2, random: createRandom(1, 'bench'), yieldControl: sample })
  clearInterval(watch)
  const used = peak - before
  return [
    training,
    ratio('memory-snapshots-vs-1GB', GIGABYTE / used, `${SNAPSHOTS} snapshots of ${PARAMETERS} parameters with PCA: ${(used / 1e6).toFixed(0)} MB at most (residual ${residuals[0].toExponential(0)})`, atLeast(1)),
  ]
}

/** A drift along one direction with noise: cheap to make, and like a measurement. */
function recordDrift(): SnapshotRecorder {
  const recorder = new SnapshotRecorder(PARAMETERS, { budgetBytes: GIGABYTE })
  const random = createRandom(2, 'bench')
  const noise = Float32Array.from({ length: PARAMETERS }, () => random.normal())
  const snapshot = new Float32Array(PARAMETERS)
  for (let t = 0; t < SNAPSHOTS; t++) {
    for (let i = 0; i < PARAMETERS; i++) snapshot[i] = 1e-3 * t * noise[i] + noise[(i + 31 * t) % PARAMETERS]
    recorder.append(snapshot)
  }
  return recorder
}

async function trainingGrowth(): Promise<Ratio> {
  const engine = await createWasmEngine()
  const { trainer } = await openBench(engine, syntheticSamples(SAMPLES))
  for (let i = 0; i < 5; i++) await trainer.advance(STEPS)
  const before = engine.memoryBytes()
  for (let i = 0; i < 100; i++) await trainer.advance(STEPS)
  const growth = engine.memoryBytes() / before
  engine.dispose()
  return ratio('memory-training-growth', growth, `engine memory after 6,000 more steps over before: ${(before / 1e6).toFixed(1)} MB`, atMost(1))
}
