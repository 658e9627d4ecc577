import type { BufferHandle } from '../tensor.ts'

/** One storage buffer of a dispatch. A buffer is bound once, whatever the number of kernels that use it. */
export interface Binding {
  readonly buffer: BufferHandle
  readonly access: 'read' | 'read_write'
}

/** The storage buffers that a dispatch touches, with their names in WGSL. */
export class Bindings {
  private readonly entries = new Map<number, { buffer: BufferHandle; written: boolean }>()
  private readonly names = new Map<number, string>()

  /** Name of a buffer that is read. */
  read(buffer: BufferHandle): string {
    return this.use(buffer, false)
  }

  /** Name of a buffer that is written (and maybe read). */
  write(buffer: BufferHandle): string {
    return this.use(buffer, true)
  }

  list(): readonly Binding[] {
    return [...this.entries.values()].map(({ buffer, written }) => ({ buffer, access: written ? 'read_write' : 'read' }))
  }

  /** Lengths are constants: runtime-sized arrays cost a length look-up at every access on software adapters. */
  declarations(group: number): string {
    return this.list()
      .map(({ buffer, access }, i) => {
        const type = `array<${buffer.kind === 'float' ? 'f32' : 'u32'}, ${buffer.length}>`
        return `@group(${group}) @binding(${i}) var<storage, ${access}> mem${i} : ${type};`
      })
      .join('\n')
  }

  private use(buffer: BufferHandle, written: boolean): string {
    const entry = this.entries.get(buffer.id)
    if (entry) entry.written ||= written
    else {
      this.names.set(buffer.id, `mem${this.entries.size}`)
      this.entries.set(buffer.id, { buffer, written })
    }
    return this.names.get(buffer.id) ?? ''
  }
}
