import { EngineError } from '../engine.ts'

/** Watches a device: what breaks without an exception is remembered and thrown at the next use. */
export class FailureWatch {
  /** Resolves with the reason when the device is lost or an error escaped every check. */
  readonly lost: Promise<string>
  private failure: EngineError | null = null
  private report: (reason: string) => void = () => undefined
  private closed = false
  private readonly onUncaptured = ({ error }: GPUUncapturedErrorEvent): void => {
    this.fail(new EngineError('lost', `WebGPU reported an error outside a check: ${error.message}; reload the page or use the CPU engine`))
  }

  constructor(private readonly device: GPUDevice) {
    this.lost = new Promise((resolve) => {
      this.report = resolve
    })
    device.addEventListener('uncapturederror', this.onUncaptured)
    void device.lost.then(({ reason, message }) => {
      if (!this.closed) this.fail(new EngineError('lost', `WebGPU device lost (${reason || 'no reason given'}): ${message}; reload the page or use the CPU engine`))
    })
  }

  /** Remembers the first failure. */
  fail(failure: EngineError): void {
    if (this.failure !== null) return
    this.failure = failure
    this.report(failure.message)
  }

  /** Throws what went wrong since the last use. */
  check(): void {
    if (this.failure !== null) throw this.failure
    if (this.closed) throw new EngineError('lost', 'webgpu engine: used after dispose(); create another engine')
  }

  /** The engine is disposed of: the loss that follows is no failure. */
  close(): void {
    this.closed = true
    this.device.removeEventListener('uncapturederror', this.onUncaptured)
  }
}
