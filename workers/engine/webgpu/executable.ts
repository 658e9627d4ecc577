import { EngineError, type Capture, type Executable, type Frame, type Rates } from '../engine.ts'
import { mapOperands, type Kernel } from '../kernels.ts'
import { largestCursor } from './addressing.ts'
import type { FailureWatch } from './failure.ts'
import { FRAME_SLOTS, type FrameAt, type FrameTable } from './frame-table.ts'
import type { Grid } from './grid.ts'
import { checkRange, type Storage } from './storage.ts'

/** One dispatch, ready to encode. */
export interface Dispatch {
  readonly pipeline: GPUComputePipeline
  readonly bindGroup: GPUBindGroup
  readonly grid: Grid
}

/** What an executable needs of its engine. */
export interface ExecutableContext {
  readonly device: GPUDevice
  readonly storage: Storage
  readonly frames: FrameTable
  readonly failures: FailureWatch
}

/** Encodes replays of a compiled plan. */
export class WebGpuExecutable implements Executable {
  readonly dispatches: number
  private readonly lastCursor: number
  private checked = false

  constructor(
    private readonly context: ExecutableContext,
    private readonly label: string,
    readonly rows: number,
    private readonly steps: readonly Dispatch[],
    kernels: readonly Kernel[],
    private readonly release: () => void,
  ) {
    this.dispatches = steps.length
    this.lastCursor = lastCursor(kernels)
  }

  async run(frame: Frame, count: number, capture?: Capture, ratesAt?: (replay: number) => Rates): Promise<void> {
    this.checkRun(frame, count, capture)
    const validating = this.checked ? null : this.startValidation()
    const frameAt: FrameAt = (replay) => ({ ...frame, ...ratesAt?.(replay), cursor: frame.cursor + replay * this.rows })
    for (let first = 0; first < count; first += FRAME_SLOTS) {
      this.submit(frameAt, first, Math.min(FRAME_SLOTS, count - first), capture)
    }
    await validating?.()
    await this.finished()
  }

  dispose(): void {
    this.release()
  }

  /** A cursor beyond the data would read clamped addresses without an error: refused here. */
  private checkRun(frame: Frame, count: number, capture?: Capture): void {
    this.context.failures.check()
    const last = frame.cursor + (count - 1) * this.rows
    if (frame.cursor < 0 || last > this.lastCursor) {
      throw new EngineError('buffer', `${this.label}: ${count} replays of ${this.rows} rows from cursor ${frame.cursor} leave the data; the last replay may start at ${this.lastCursor}`)
    }
    if (capture === undefined) return
    checkRange(capture.from, capture.offset, capture.length, 'capture from')
    checkRange(capture.into, 0, count * capture.length, 'capture into')
    if (capture.from.id === capture.into.id) throw new EngineError('buffer', `${this.label}: capture from ${capture.from.label} into itself; use another buffer`)
  }

  /** Resolves when everything submitted is done; throws what went wrong meanwhile. */
  private async finished(): Promise<void> {
    const { device, failures } = this.context
    const problem = await device.queue.onSubmittedWorkDone().then(() => null, String)
    failures.check()
    if (problem !== null) throw new EngineError('lost', `${this.label}: the GPU did not finish: ${problem}; reload the page or use the CPU engine`)
  }

  /** Errors of the first run belong to this plan: they are caught and thrown with its name. */
  private startValidation(): () => Promise<void> {
    const { device } = this.context
    device.pushErrorScope('out-of-memory')
    device.pushErrorScope('validation')
    return async () => {
      const errors = await Promise.all([device.popErrorScope(), device.popErrorScope()])
      const error = errors.find((candidate) => candidate !== null)
      if (error) throw new EngineError('compile', `${this.label}: ${error.message}`)
      this.checked = true
    }
  }

  private submit(frameAt: FrameAt, first: number, count: number, capture?: Capture): void {
    const { device, frames } = this.context
    frames.write(frameAt, first, count)
    const encoder = device.createCommandEncoder({ label: this.label })
    let pass: GPUComputePassEncoder | null = null
    for (let i = 0; i < count; i++) {
      pass ??= encoder.beginComputePass({ label: this.label })
      this.encodeReplay(pass, i)
      if (capture !== undefined) {
        pass.end()
        pass = null
        this.encodeCapture(encoder, capture, first + i)
      }
    }
    pass?.end()
    device.queue.submit([encoder.finish()])
  }

  private encodeReplay(pass: GPUComputePassEncoder, slot: number): void {
    pass.setBindGroup(0, this.context.frames.bindGroup, [this.context.frames.offset(slot)])
    for (const { pipeline, bindGroup, grid } of this.steps) {
      pass.setPipeline(pipeline)
      pass.setBindGroup(1, bindGroup)
      pass.dispatchWorkgroups(grid.x, grid.y)
    }
  }

  private encodeCapture(encoder: GPUCommandEncoder, { from, offset, length, into }: Capture, position: number): void {
    const { storage } = this.context
    encoder.copyBufferToBuffer(storage.get(from), offset * 4, storage.get(into), position * length * 4, length * 4)
  }
}

function lastCursor(kernels: readonly Kernel[]): number {
  let last = Infinity
  for (const kernel of kernels) {
    mapOperands(kernel, (operand) => {
      last = Math.min(last, largestCursor(operand))
      return operand
    })
  }
  return last
}
