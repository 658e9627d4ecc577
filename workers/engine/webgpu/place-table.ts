import { MOST_PLACES } from './bindings.ts'

const ELEMENT_BYTES = 4
const VECTOR_BYTES = 16
const BINDING_BYTES = MOST_PLACES * VECTOR_BYTES

/** The places of all dispatches of a plan in one uniform buffer. */
export class PlaceTable {
  private readonly buffer: GPUBuffer
  private readonly offsets: readonly number[]

  constructor(device: GPUDevice, label: string, places: readonly (readonly number[])[]) {
    const alignment = device.limits.minUniformBufferOffsetAlignment
    let end = 0
    this.offsets = places.map(({ length }) => {
      const offset = end
      end += Math.ceil((length * ELEMENT_BYTES) / alignment) * alignment
      return offset
    })
    // Every dispatch binds as much, the last one too.
    this.buffer = device.createBuffer({ label: `${label}: places`, size: end + BINDING_BYTES, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST })
    const table = new Uint32Array(end / ELEMENT_BYTES)
    places.forEach((values, i) => {
      table.set(values, this.offsets[i] / ELEMENT_BYTES)
    })
    device.queue.writeBuffer(this.buffer, 0, table)
  }

  /** What dispatch i binds. */
  binding(i: number): GPUBufferBinding {
    return { buffer: this.buffer, offset: this.offsets[i], size: BINDING_BYTES }
  }

  destroy(): void {
    this.buffer.destroy()
  }
}
