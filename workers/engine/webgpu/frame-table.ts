import type { Frame, Rates } from '../engine.ts'

/** Replays per submit; longer runs are submitted in several parts. */
export const FRAME_SLOTS = 1024

/** What a kernel sees of the rates of a replay. Differences from 1 are taken in float64: 1 − 0.999 is exact to 24 bits only there. */
const SCALARS = {
  learningRate: (rates: Rates) => rates.learningRate,
  momentum: (rates: Rates) => rates.momentum,
  weightDecay: (rates: Rates) => rates.weightDecay,
  secondMomentum: (rates: Rates) => rates.secondMomentum,
  epsilon: (rates: Rates) => rates.epsilon,
  momentumRest: (rates: Rates) => 1 - rates.momentum,
  secondMomentumRest: (rates: Rates) => 1 - rates.secondMomentum,
  keptShare: (rates: Rates) => 1 - rates.decoupledDecay,
} as const

/** A float of the frame by its name in WGSL. */
export type FrameScalar = keyof typeof SCALARS

const NAMES = Object.keys(SCALARS)
const VALUES = Object.values(SCALARS)
const FRAME_BYTES = 16 * Math.ceil((1 + NAMES.length) / 4)

/** WGSL view of one slot of the frame table. */
export const FRAME_DECLARATION = `struct Frame { cursor : u32, ${NAMES.map((name) => `${name} : f32`).join(', ')} }
@group(0) @binding(0) var<uniform> frame : Frame;`

/** The frame of one replay of a run. */
export type FrameAt = (replay: number) => Frame

/**
 * The scalars of many replays, one slot each, bound with a dynamic offset: replays need no commands of their own to
 * move the cursor on. Writes are queue operations, so slots can be reused while earlier submits are in flight.
 */
export class FrameTable {
  readonly layout: GPUBindGroupLayout
  readonly bindGroup: GPUBindGroup
  private readonly buffer: GPUBuffer
  private readonly stride: number

  constructor(private readonly device: GPUDevice) {
    this.stride = Math.max(FRAME_BYTES, device.limits.minUniformBufferOffsetAlignment)
    this.buffer = device.createBuffer({ label: 'frames', size: FRAME_SLOTS * this.stride, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST })
    this.layout = device.createBindGroupLayout({
      entries: [{ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: FRAME_BYTES } }],
    })
    this.bindGroup = device.createBindGroup({ layout: this.layout, entries: [{ binding: 0, resource: { buffer: this.buffer, size: FRAME_BYTES } }] })
  }

  /** Byte offset of a slot. */
  offset(slot: number): number {
    return slot * this.stride
  }

  /** Slots 0 … count − 1 ← the frames of replays first … first + count − 1. */
  write(frameAt: FrameAt, first: number, count: number): void {
    const table = framesOf(frameAt, first, count, this.stride)
    this.device.queue.writeBuffer(this.buffer, 0, table)
  }

  destroy(): void {
    this.buffer.destroy()
  }
}

/** Bytes of `count` slots. */
export function framesOf(frameAt: FrameAt, first: number, count: number, stride: number): ArrayBuffer {
  const table = new ArrayBuffer(count * stride)
  for (let i = 0; i < count; i++) {
    const frame = frameAt(first + i)
    new Uint32Array(table, i * stride, 1)[0] = frame.cursor
    new Float32Array(table, i * stride + 4, VALUES.length).set(VALUES.map((value) => value(frame)))
  }
  return table
}
