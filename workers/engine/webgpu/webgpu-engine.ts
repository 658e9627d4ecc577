import { EngineError, type Engine, type EngineInfo, type Executable } from '../engine.ts'
import { makePlan, type Plan } from '../plan.ts'
import type { Recording } from '../recording.ts'
import type { BufferHandle, BufferKind } from '../tensor.ts'
import { adapterName, type OpenedDevice } from './device.ts'
import { WebGpuExecutable, type Dispatch, type ExecutableContext } from './executable.ts'
import { FailureWatch } from './failure.ts'
import { FrameTable } from './frame-table.ts'
import { lower } from './lower.ts'
import { Pipelines, type CompiledProgram } from './pipelines.ts'
import { PlaceTable } from './place-table.ts'
import { programOf, sketcher, type Program } from './program.ts'
import { Readback } from './readback.ts'
import { schedule } from './schedule.ts'
import { checkRange, Storage } from './storage.ts'
import { defaultTuning } from './tuning.ts'
import { unitsOf } from './units.ts'
import { formatTuning, type Tuning } from './variant.ts'

/** Changes with every change of the generated WGSL that may change bits. */
const CODE_VERSION = 'webgpu-2'

export interface WebGpuEngineOptions {
  /** Choice of tiles, from `tune` or a cache of its results; a fixed choice per kind of adapter otherwise. */
  readonly tuning?: Tuning
  /** Whether the device outlives the engine: `dispose` then frees the engine's buffers only. */
  readonly keepDevice?: boolean
}

/** The GPU executor, with the doors that interoperation needs. */
export interface WebGpuEngine extends Engine {
  readonly device: GPUDevice
  readonly adapterInfo: GPUAdapterInfo
  readonly tuning: Tuning
  /** The GPUBuffer behind a handle (usage STORAGE | COPY_SRC | COPY_DST); it stays the engine's. */
  bufferOf(handle: BufferHandle): GPUBuffer
  /** The dispatches a recording becomes, as data. */
  programsOf(recording: Recording): readonly Program[]
}

/** An engine that replays WGSL on a device of its own. */
export async function createWebGpuEngine(opened: OpenedDevice, options: WebGpuEngineOptions = {}): Promise<WebGpuEngine> {
  return new DeviceEngine(opened, options.tuning ?? defaultTuning(opened), options.keepDevice ?? false)
}

class DeviceEngine implements WebGpuEngine {
  readonly info: EngineInfo
  readonly device: GPUDevice
  readonly adapterInfo: GPUAdapterInfo
  readonly lost: Promise<string>
  private readonly context: ExecutableContext
  private readonly pipelines: Pipelines
  private readonly readback: Readback

  constructor(
    { device, adapterInfo, fallbackAdapter }: OpenedDevice,
    readonly tuning: Tuning,
    private readonly keepDevice: boolean,
  ) {
    this.device = device
    this.adapterInfo = adapterInfo
    const name = adapterName(adapterInfo)
    this.info = {
      name: 'webgpu',
      precision: 'float32',
      label: `WebGPU (${name})`,
      numericalVersion: `${CODE_VERSION}/${name}/${formatTuning(tuning)}`,
      bitExact: false,
      fallbackAdapter,
    }
    const failures = new FailureWatch(device)
    this.lost = failures.lost
    this.context = { device, failures, storage: new Storage(device, failures), frames: new FrameTable(device) }
    this.pipelines = new Pipelines(device, this.context.frames.layout)
    this.readback = new Readback(device)
  }

  allocate(kind: BufferKind, length: number, label: string): BufferHandle {
    this.context.failures.check()
    return this.context.storage.allocate(kind, length, label)
  }

  free(buffer: BufferHandle): void {
    this.context.storage.free(buffer)
  }

  write(buffer: BufferHandle, values: Float32Array | Float64Array | Uint32Array, offset = 0): void {
    this.context.failures.check()
    checkRange(buffer, offset, values.length, 'write')
    const data = buffer.kind === 'float' ? asFloat32(values) : asUint32(values)
    this.device.queue.writeBuffer(this.bufferOf(buffer), offset * 4, data)
  }

  async read(buffer: BufferHandle, offset = 0, length = buffer.length - offset): Promise<Float32Array | Float64Array> {
    this.context.failures.check()
    checkRange(buffer, offset, length, 'read')
    if (length === 0) return new Float32Array(0)
    const bytes = await this.readback.read(this.bufferOf(buffer), offset * 4, length * 4).catch((cause: unknown) => this.explain(buffer, cause))
    this.context.failures.check()
    return buffer.kind === 'float' ? new Float32Array(bytes) : Float64Array.from(new Uint32Array(bytes))
  }

  async compile(recording: Recording): Promise<Executable> {
    this.context.failures.check()
    const held: BufferHandle[] = []
    const allocate = (label: string) => (length: number): BufferHandle => {
      const buffer = this.allocate('float', length, `${recording.label}: ${label}`)
      held.push(buffer)
      return buffer
    }
    const release = (): void => {
      for (const buffer of held) this.free(buffer)
    }
    try {
      const plan = makePlan(recording, allocate('temporaries'))
      const programs = this.programsFor(plan, allocate('parts of sums'))
      const pipelines = await Promise.all(programs.map((program) => this.pipelines.compile(program)))
      const places = new PlaceTable(this.device, plan.label, programs.map((program) => program.places))
      const steps = programs.map((program, i) => this.dispatchOf(program, pipelines[i], places.binding(i)))
      return new WebGpuExecutable(this.context, plan.label, plan.rows, steps, plan.kernels, () => {
        release()
        places.destroy()
      })
    } catch (error) {
      release()
      throw error
    }
  }

  programsOf(recording: Recording): readonly Program[] {
    const standIn = (id: number) => (length: number): BufferHandle => ({ id, kind: 'float', length, label: 'temporaries' })
    return this.programsFor(makePlan(recording, standIn(-1)), standIn(-2))
  }

  bufferOf(handle: BufferHandle): GPUBuffer {
    return this.context.storage.get(handle)
  }

  memoryBytes(): number {
    return this.context.storage.bytes + this.readback.bytes
  }

  dispose(): void {
    this.context.failures.close()
    this.readback.destroy()
    this.context.storage.destroy()
    this.context.frames.destroy()
    if (!this.keepDevice) this.device.destroy()
  }

  private programsFor({ kernels, temporaries }: Plan, allocate: (length: number) => BufferHandle): readonly Program[] {
    const { maxStorageBuffersPerShaderStage, maxComputeWorkgroupsPerDimension } = this.device.limits
    const lowered = lower(kernels, this.tuning, allocate)
    const sketchOf = sketcher(this.tuning)
    const groups = schedule(unitsOf(lowered.kernels, temporaries), { maxBuffers: maxStorageBuffersPerShaderStage, sketchOf })
    return groups.map((units) => programOf(units, { tuning: this.tuning, maxWorkgroups: maxComputeWorkgroupsPerDimension, sketchOf }))
  }

  private dispatchOf(program: Program, { pipeline, storageLayout }: CompiledProgram, places: GPUBufferBinding): Dispatch {
    const buffers = program.bindings.map(({ buffer }, i) => ({ binding: i + 1, resource: { buffer: this.bufferOf(buffer) } }))
    const bindGroup = this.device.createBindGroup({ label: program.label, layout: storageLayout, entries: [{ binding: 0, resource: places }, ...buffers] })
    return { pipeline, bindGroup, grid: program.grid }
  }

  private explain(buffer: BufferHandle, cause: unknown): never {
    this.context.failures.check()
    throw new EngineError('lost', `webgpu engine: ${buffer.label} could not be read: ${String(cause)}`, { cause })
  }
}

/** Rounded to float32, and copied out of shared memory, which `writeBuffer` refuses in some browsers. */
function asFloat32(values: Float32Array | Float64Array | Uint32Array): Float32Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = values
  return values instanceof Float32Array && buffer instanceof ArrayBuffer ? new Float32Array(buffer, byteOffset, length) : Float32Array.from(values)
}

function asUint32(values: Float32Array | Float64Array | Uint32Array): Uint32Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = values
  return values instanceof Uint32Array && buffer instanceof ArrayBuffer ? new Uint32Array(buffer, byteOffset, length) : Uint32Array.from(values)
}
