/** Copies buffers to the CPU through mappable staging buffers, which are kept for the next time. */
export class Readback {
  private readonly idle = new Map<number, GPUBuffer[]>()
  private heldBytes = 0

  constructor(private readonly device: GPUDevice) {}

  /** Bytes held in staging buffers. */
  get bytes(): number {
    return this.heldBytes
  }

  /** A copy of bytes [offset, offset + size) as they are after everything submitted so far. */
  async read(source: GPUBuffer, offset: number, size: number): Promise<ArrayBuffer> {
    const staging = this.acquire(size)
    const encoder = this.device.createCommandEncoder({ label: 'readback' })
    encoder.copyBufferToBuffer(source, offset, staging, 0, size)
    this.device.queue.submit([encoder.finish()])
    await staging.mapAsync(GPUMapMode.READ, 0, size)
    const copy = staging.getMappedRange(0, size).slice(0)
    staging.unmap()
    this.release(staging)
    return copy
  }

  destroy(): void {
    for (const buffers of this.idle.values()) for (const buffer of buffers) buffer.destroy()
    this.idle.clear()
    this.heldBytes = 0
  }

  /** Sizes are rounded up to powers of two, so that few buffers serve all readings. */
  private acquire(size: number): GPUBuffer {
    const capacity = Math.max(256, 2 ** Math.ceil(Math.log2(size)))
    const known = this.idle.get(capacity)?.pop()
    if (known) return known
    this.heldBytes += capacity
    return this.device.createBuffer({ label: 'readback', size: capacity, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  }

  private release(buffer: GPUBuffer): void {
    const peers = this.idle.get(buffer.size)
    if (peers === undefined) this.idle.set(buffer.size, [buffer])
    else peers.push(buffer)
  }
}
