import type { Engine } from '../engine/engine.ts'
import type { MatmulOptions } from '../engine/operations.ts'
import { Recorder } from '../engine/recorder.ts'
import type { BufferHandle, Tensor } from '../engine/tensor.ts'
import { allocateAll } from '../networks/allocate-all.ts'
import type { Network } from '../networks/network.ts'
import type { ResidentData } from '../networks/resident-data.ts'
import type { SelectedParameters } from '../networks/selection.ts'

/** Inputs as X = S + β·1ᵀ, where β is the value that most entries of a row share: that of the paper behind a digit. */
export interface SplitInputs<B> {
  /** S [samples, features]: mostly zeros. */
  readonly inputs: B
  /** β [samples]. */
  readonly background: B
}

/** Share of zeros in S from which leaving them out repays the second term. */
const WORTHWHILE = 0.5

/** Numbers of the copy S beyond which its memory is not spent: 60,000 digits fit. */
const MOST_NUMBERS = 2 ** 26

/** Rows that are read at a time; the first ones decide. */
const ROWS_AT_ONCE = 256

/**
 * Splits the inputs of a network whose first layers are dense and selected, on the CPU engine, which can leave zeros out;
 * null where that is not to be had or does not pay. The caller frees both buffers.
 */
export async function splitInputs(engine: Engine, network: Network, data: ResidentData, selection: SelectedParameters): Promise<SplitInputs<BufferHandle> | null> {
  const { samples, features } = data
  if (engine.info.name !== 'wasm' || samples * features > MOST_NUMBERS || !beginsDense(network) || !readsInputs(network, selection)) return null
  const most = Math.min(ROWS_AT_ONCE, samples)
  const first = await rowsOf(engine, data, 0, most)
  if (shareOfZeros(split(first, features).inputs) < WORTHWHILE) return null
  const [inputs, background] = allocateAll(engine, [
    ['float', samples * features, 'inputs without their background'],
    ['float', samples, 'background of the inputs'],
  ])
  for (let row = 0; row < samples; row += ROWS_AT_ONCE) {
    const parts = split(row === 0 ? first : await rowsOf(engine, data, row, Math.min(ROWS_AT_ONCE, samples - row)), features)
    engine.write(inputs, parts.inputs, row * features)
    engine.write(background, parts.background, row)
  }
  return { inputs, background }
}

/** Images as only dense layers read them. */
function beginsDense({ nodes }: Network): boolean {
  return nodes.every((node) => (node.kind === 'sum' ? !node.inputs.includes(-1) : node.input >= 0 || node.layer.kind === 'dense'))
}

/** Products with layers further back do not come near the inputs. */
function readsInputs({ nodes }: Network, { parameters }: SelectedParameters): boolean {
  return parameters.some(({ position }) => {
    const node = nodes[position]
    return node.kind === 'layer' && node.input < 0
  })
}

async function rowsOf(engine: Engine, { inputs, features }: ResidentData, first: number, rows: number): Promise<Float32Array> {
  return Float32Array.from(await engine.read(inputs, first * features, rows * features))
}

/** Rows [rows, features] as S and β. */
function split(values: Float32Array, features: number): SplitInputs<Float32Array> {
  const inputs = new Float32Array(values.length)
  const background = new Float32Array(values.length / features)
  for (let row = 0; row < background.length; row++) {
    const at = row * features
    background[row] = candidate(values.subarray(at, at + features))
    for (let i = at; i < at + features; i++) inputs[i] = values[i] - background[row]
  }
  return { inputs, background }
}

/** The value of more than half of the entries, if any has as many (Boyer and Moore's majority vote, 1981). */
function candidate(row: Float32Array): number {
  let [value, votes] = [0, 0]
  for (const entry of row) {
    if (votes === 0) [value, votes] = [entry, 1]
    else votes += entry === value ? 1 : -1
  }
  return value
}

function shareOfZeros(values: Float32Array): number {
  let zeros = 0
  for (const value of values) if (value === 0) zeros++
  return zeros / values.length
}

/**
 * Records products with split inputs in the place of the inputs themselves: X·V = S·V + β(1ᵀV) and Xᵀ·D = Sᵀ·D + 1(βᵀD).
 */
export class SplitRecorder extends Recorder {
  constructor(
    label: string,
    rows: number,
    private readonly split: SplitInputs<BufferHandle>,
  ) {
    super(label, rows)
  }

  override matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
    if (a.location?.buffer !== this.split.inputs) return super.matmul(a, b, options)
    const sparse = super.matmul(a, b, { ...options, hasZeros: true })
    const background = this.sampleRows(this.split.background, [1])
    if (options.transposeA === true) return this.addBias(sparse, super.matmul(background, b, { transposeA: true }))
    return this.add(sparse, super.matmul(background, this.columnSum(b)))
  }
}
