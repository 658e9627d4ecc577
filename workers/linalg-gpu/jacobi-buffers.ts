import { EngineError } from '../engine/engine.ts'
import { BLOCK, PAIR, ROUND_BYTES } from './jacobi-shader.ts'

const FLOAT_BYTES = 4
const MIB = 1024 * 1024

/** What the method keeps on the device. */
export interface JacobiBuffers {
  readonly rounds: GPUBuffer
  readonly matrix: GPUBuffer
  readonly vectors: GPUBuffer
  readonly turns: GPUBuffer
  readonly measures: GPUBuffer
}

/** n rounded up to whole pairs of blocks. Rows beyond n are zero and stay alone: nothing couples to them. */
export function paddedSize(n: number): number {
  return Math.max(1, Math.ceil(n / PAIR)) * PAIR
}

/** Largest matrix a device holds: matrix and vectors are one binding each. */
export function largestOnGpu(limits: Pick<GPUSupportedLimits, 'maxBufferSize' | 'maxStorageBufferBindingSize'>): number {
  const bytes = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize)
  return Math.floor(Math.sqrt(bytes / FLOAT_BYTES) / PAIR) * PAIR
}

/** Bytes of device memory for a matrix of n rows. */
export function bytesOnGpu(n: number): number {
  const size = paddedSize(n)
  return Object.values(bufferBytes(size)).reduce((sum, bytes) => sum + bytes, 0)
}

/** Throws `EngineError('memory')` naming the largest size that fits, or when the device has no memory left. */
export async function allocateJacobi(device: GPUDevice, n: number): Promise<JacobiBuffers> {
  const largest = largestOnGpu(device.limits)
  const needs = `${Math.ceil(bytesOnGpu(n) / MIB)} MiB of GPU memory`
  if (paddedSize(n) > largest) {
    throw new EngineError('memory', `eigenOnGpu: ${n} rows exceed what this GPU binds at once; at most ${largest} rows fit; take fewer, or the CPU`)
  }
  const bytes = bufferBytes(paddedSize(n))
  device.pushErrorScope('out-of-memory')
  const buffers = {
    rounds: device.createBuffer({ label: 'rounds', size: bytes.rounds, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST }),
    matrix: storage(device, 'matrix', bytes.matrix),
    vectors: storage(device, 'vectors', bytes.vectors),
    turns: storage(device, 'turns', bytes.turns),
    measures: storage(device, 'measures', bytes.measures),
  }
  if ((await device.popErrorScope()) !== null) {
    destroyJacobi(buffers)
    throw new EngineError('memory', `eigenOnGpu: no memory for ${n} rows, which take ${needs}; take fewer, or the CPU`)
  }
  return buffers
}

export function destroyJacobi(buffers: JacobiBuffers): void {
  for (const buffer of [buffers.rounds, buffers.matrix, buffers.vectors, buffers.turns, buffers.measures]) buffer.destroy()
}

function bufferBytes(size: number): Record<keyof JacobiBuffers, number> {
  const square = size * size * FLOAT_BYTES
  return {
    rounds: (size / BLOCK - 1) * ROUND_BYTES,
    matrix: square,
    vectors: square,
    turns: (size / PAIR) * PAIR * PAIR * FLOAT_BYTES,
    measures: 2 * size * FLOAT_BYTES,
  }
}

function storage(device: GPUDevice, label: string, size: number): GPUBuffer {
  return device.createBuffer({ label, size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST })
}
