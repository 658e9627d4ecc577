import { EngineError } from '../engine/engine.ts'
import { FailureWatch } from '../engine/webgpu/failure.ts'
import { Readback } from '../engine/webgpu/readback.ts'
import { allocateJacobi, destroyJacobi, paddedSize, type JacobiBuffers } from './jacobi-buffers.ts'
import { BLOCK, JACOBI_SHADER, KERNELS, PAIR, ROUND_BYTES } from './jacobi-shader.ts'

type Kernel = (typeof KERNELS)[number]

/** Rows written or read at once take about so many bytes. */
const PANEL_BYTES = 8 * 1024 * 1024
const FLOAT_BYTES = 4
const WORKGROUP_ROWS = 128

/** State of the matrix between two sweeps. */
export interface Measure {
  /** √Σ aᵢⱼ², i ≠ j. */
  readonly offNorm: number
  /** (n). */
  readonly diagonal: Float64Array
}

/** A matrix and its vectors on the device, and the rounds that turn the one diagonal and the other into its eigenvectors. */
export class JacobiDevice {
  /** Rounds of a sweep. */
  readonly rounds: number
  readonly #watch: FailureWatch
  readonly #readback: Readback
  readonly #size: number

  private constructor(
    readonly n: number,
    private readonly device: GPUDevice,
    private readonly buffers: JacobiBuffers,
    private readonly pipelines: Readonly<Record<Kernel, GPUComputePipeline>>,
    private readonly bindings: GPUBindGroup,
  ) {
    this.#size = paddedSize(n)
    this.rounds = this.#size / BLOCK - 1
    this.#watch = new FailureWatch(device)
    this.#readback = new Readback(device)
  }

  /** Throws `EngineError`: 'memory' for matrices that do not fit, 'compile' when the device refuses the kernels. */
  static async open(device: GPUDevice, n: number): Promise<JacobiDevice> {
    const buffers = await allocateJacobi(device, n)
    try {
      const { layout, pipelines } = await kernelsOf(device)
      const bound = [buffers.matrix, buffers.vectors, buffers.turns, buffers.measures]
      const bindings = device.createBindGroup({
        label: 'jacobi',
        layout,
        entries: [{ binding: 0, resource: { buffer: buffers.rounds, size: 16 } }, ...bound.map((buffer, i) => ({ binding: i + 1, resource: { buffer } }))],
      })
      return new JacobiDevice(n, device, buffers, pipelines, bindings)
    } catch (error) {
      destroyJacobi(buffers)
      throw error
    }
  }

  /**
   * Puts the matrix there and the identity beside it.
   *
   * @param writeRows fills rows first … first + count − 1, each `stride` entries behind the one before
   * @param threshold entries up to this size are left alone
   */
  async start(writeRows: (first: number, count: number, to: Float32Array, stride: number) => void, threshold: number): Promise<void> {
    const rows = Math.max(1, Math.floor(PANEL_BYTES / (FLOAT_BYTES * this.#size)))
    for (let first = 0; first < this.n; first += rows) {
      const count = Math.min(rows, this.n - first)
      const panel = new Float32Array(count * this.#size)
      writeRows(first, count, panel, this.#size)
      this.device.queue.writeBuffer(this.buffers.matrix, first * this.#size * FLOAT_BYTES, panel)
      await this.#settled()
    }
    const words = new ArrayBuffer(this.rounds * ROUND_BYTES)
    for (let round = 0; round < this.rounds; round++) {
      new Uint32Array(words, round * ROUND_BYTES, 3).set([this.#size, this.#size / BLOCK, round])
      new Float32Array(words, round * ROUND_BYTES + 12, 1)[0] = threshold
    }
    this.device.queue.writeBuffer(this.buffers.rounds, 0, words)
    this.#submit((pass) => this.#dispatch(pass, 'startVectors', 0, Math.ceil(this.#size / WORKGROUP_ROWS)))
    await this.#settled()
  }

  /** Does rounds first … end − 1 of a sweep in one submit and waits for them. */
  async turn(first: number, end: number): Promise<void> {
    const pairs = this.#size / PAIR
    this.#submit((pass) => {
      for (let round = first; round < end; round++) {
        this.#dispatch(pass, 'solvePairs', round, pairs)
        this.#dispatch(pass, 'turnMatrix', round, pairs, pairs)
        this.#dispatch(pass, 'turnVectors', round, pairs, pairs)
      }
    })
    await this.#settled()
  }

  async measure(): Promise<Measure> {
    this.#submit((pass) => this.#dispatch(pass, 'measure', 0, this.#size))
    const values = new Float32Array(await this.#read(this.buffers.measures, 0, 2 * this.#size * FLOAT_BYTES))
    const square = values.subarray(0, this.#size).reduce((sum, value) => sum + value, 0)
    if (!Number.isFinite(square)) throw new EngineError('lost', 'eigenOnGpu: the GPU computed entries that are not finite; use the CPU')
    return { offNorm: Math.sqrt(square), diagonal: Float64Array.from(values.subarray(this.#size, this.#size + this.n)) }
  }

  /** Hands out the vectors one by one, in the order of the diagonal; each view is valid during the call only. */
  async readVectors(take: (row: number, vector: Float32Array) => void): Promise<void> {
    const rows = Math.max(1, Math.floor(PANEL_BYTES / (FLOAT_BYTES * this.#size)))
    for (let first = 0; first < this.n; first += rows) {
      const count = Math.min(rows, this.n - first)
      const rowBytes = this.#size * FLOAT_BYTES
      const panel = new Float32Array(await this.#read(this.buffers.vectors, first * rowBytes, count * rowBytes))
      for (let i = 0; i < count; i++) take(first + i, panel.subarray(i * this.#size, i * this.#size + this.n))
    }
  }

  dispose(): void {
    this.#watch.close()
    this.#readback.destroy()
    destroyJacobi(this.buffers)
  }

  #submit(encode: (pass: GPUComputePassEncoder) => void): void {
    this.#watch.check()
    const encoder = this.device.createCommandEncoder({ label: 'jacobi' })
    const pass = encoder.beginComputePass()
    encode(pass)
    pass.end()
    this.device.queue.submit([encoder.finish()])
  }

  #dispatch(pass: GPUComputePassEncoder, kernel: Kernel, round: number, x: number, y = 1): void {
    pass.setPipeline(this.pipelines[kernel])
    pass.setBindGroup(0, this.bindings, [round * ROUND_BYTES])
    pass.dispatchWorkgroups(x, y)
  }

  /** Waits for everything submitted; a lost device is an error here and not an endless wait. */
  async #settled(): Promise<void> {
    await Promise.race([this.device.queue.onSubmittedWorkDone(), this.#watch.lost])
    this.#watch.check()
  }

  async #read(buffer: GPUBuffer, offset: number, size: number): Promise<ArrayBuffer> {
    const bytes = await Promise.race([this.#readback.read(buffer, offset, size).catch(() => null), this.#watch.lost.then(() => null)])
    this.#watch.check()
    if (bytes === null) throw new EngineError('lost', 'eigenOnGpu: the GPU gave no result back; reload the page or use the CPU')
    return bytes
  }
}

interface Kernels {
  readonly layout: GPUBindGroupLayout
  readonly pipelines: Readonly<Record<Kernel, GPUComputePipeline>>
}

/** Software adapters compile for seconds: once per device. */
const compiled = new WeakMap<GPUDevice, Promise<Kernels>>()

function kernelsOf(device: GPUDevice): Promise<Kernels> {
  const known = compiled.get(device)
  if (known !== undefined) return known
  const compiling = compile(device)
  compiled.set(device, compiling)
  compiling.catch(() => compiled.delete(device))
  return compiling
}

async function compile(device: GPUDevice): Promise<Kernels> {
  device.pushErrorScope('validation')
  const layout = device.createBindGroupLayout({
    label: 'jacobi',
    entries: [
      { binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: 16 } },
      ...[1, 2, 3, 4].map((binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'storage' as const } })),
    ],
  })
  const module = device.createShaderModule({ label: 'jacobi', code: JACOBI_SHADER })
  const pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [layout] })
  const make = (entryPoint: Kernel): Promise<GPUComputePipeline> =>
    device.createComputePipelineAsync({ label: entryPoint, layout: pipelineLayout, compute: { module, entryPoint } })
  const building = Promise.all(KERNELS.map(make))
  const problem = device.popErrorScope()
  try {
    const [solvePairs, turnMatrix, turnVectors, startVectors, measure] = await building
    const error = await problem
    if (error !== null) throw error
    return { layout, pipelines: { solvePairs, turnMatrix, turnVectors, startVectors, measure } }
  } catch (cause) {
    throw new EngineError('compile', 'eigenOnGpu: this GPU refuses the kernels of the Jacobi method; use the CPU', { cause })
  }
}
