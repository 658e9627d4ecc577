import type { Frame } from '../engine.ts'

/** Replays per submit; longer runs are submitted in several parts. */
export const FRAME_SLOTS = 1024

const FRAME_BYTES = 16

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

  /** Slots 0 … count − 1 ← the frame with its cursor moved on by `rows` from slot to slot. */
  write(frame: Frame, count: number, rows: number): void {
    const table = framesOf(frame, count, rows, this.stride)
    this.device.queue.writeBuffer(this.buffer, 0, table)
  }

  destroy(): void {
    this.buffer.destroy()
  }
}

/** Bytes of `count` slots. */
export function framesOf(frame: Frame, count: number, rows: number, stride: number): ArrayBuffer {
  const table = new ArrayBuffer(count * stride)
  for (let i = 0; i < count; i++) {
    new Uint32Array(table, i * stride, 1)[0] = frame.cursor + i * rows
    new Float32Array(table, i * stride + 4, 3).set([frame.learningRate, frame.momentum, frame.weightDecay])
  }
  return table
}
