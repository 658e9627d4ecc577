const ELEMENT_BYTES = 4
/** Uniform arrays have elements of 16 bytes. */
const VECTOR_BYTES = 16

/** The places of all dispatches of a plan in one uniform buffer. */
export class PlaceTable {
  private readonly buffer: GPUBuffer
  private readonly ranges: readonly { readonly offset: number; readonly size: number }[]

  constructor(device: GPUDevice, label: string, places: readonly (readonly number[])[]) {
    const alignment = device.limits.minUniformBufferOffsetAlignment
    const sizes = places.map(({ length }) => Math.ceil((length * ELEMENT_BYTES) / VECTOR_BYTES) * VECTOR_BYTES)
    let end = 0
    this.ranges = sizes.map((size) => {
      const offset = end
      end += Math.ceil(size / alignment) * alignment
      return { offset, size }
    })
    this.buffer = device.createBuffer({ label: `${label}: places`, size: Math.max(end, VECTOR_BYTES), usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST })
    const table = new Uint32Array(this.buffer.size / ELEMENT_BYTES)
    places.forEach((values, i) => {
      table.set(values, this.ranges[i].offset / ELEMENT_BYTES)
    })
    device.queue.writeBuffer(this.buffer, 0, table)
  }

  /** What dispatch i binds. */
  binding(i: number): GPUBufferBinding {
    return { buffer: this.buffer, ...this.ranges[i] }
  }

  destroy(): void {
    this.buffer.destroy()
  }
}
