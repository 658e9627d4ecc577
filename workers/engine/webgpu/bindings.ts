import type { BufferHandle, Operand } from '../tensor.ts'
import { plus, times } from './wgsl.ts'

/** One storage buffer of a dispatch. A buffer is bound once, whatever the number of kernels that use it. */
export interface Binding {
  readonly buffer: BufferHandle
  readonly access: 'read' | 'read_write'
}

const COMPONENTS = ['x', 'y', 'z', 'w'] as const

/**
 * What a dispatch is given: storage buffers with their names in WGSL, and the places of its operands. Places are
 * data of the dispatch and not part of its text, so that equal layers share one pipeline.
 */
export class Bindings {
  private readonly entries = new Map<number, { buffer: BufferHandle; written: boolean }>()
  private readonly names = new Map<number, string>()
  private readonly placeNames = new Map<string, { readonly name: string; readonly offset: number; readonly statement: string }>()
  private readonly segmentPlaces = new Set<string>()

  /** Name of a buffer that is read. */
  read(buffer: BufferHandle): string {
    return this.use(buffer, false)
  }

  /** Name of a buffer that is written (and maybe read). */
  write(buffer: BufferHandle): string {
    return this.use(buffer, true)
  }

  /** Name of the element at which an operand starts, or its rows are counted from. */
  place({ buffer, offset, addressing }: Operand): string {
    const cursorStride = addressing.kind === 'cursor' ? addressing.cursorStride : 0
    const key = `${buffer.id}:${offset}:${cursorStride}`
    const known = this.placeNames.get(key) ?? this.addPlace(key, offset, cursorStride)
    this.segmentPlaces.add(known.statement)
    return known.name
  }

  /** Statements that make the places known that were named since the last call; at the beginning of a function. */
  placeStatements(): string {
    const statements = [...this.segmentPlaces].join('\n')
    this.segmentPlaces.clear()
    return statements
  }

  /** Elements at which operands start, in the order of the places in the uniform buffer. */
  places(): readonly number[] {
    return [...this.placeNames.values()].map(({ offset }) => offset)
  }

  list(): readonly Binding[] {
    return [...this.entries.values()].map(({ buffer, written }) => ({ buffer, access: written ? 'read_write' : 'read' }))
  }

  /**
   * Declarations of a bind group: the places, then the buffers. Lengths are constants: runtime-sized arrays cost a
   * length look-up at every access on software adapters.
   */
  declarations(group: number): string {
    const buffers = this.list().map(({ buffer, access }, i) => {
      const type = `array<${buffer.kind === 'float' ? 'f32' : 'u32'}, ${buffer.length}>`
      return `@group(${group}) @binding(${i + 1}) var<storage, ${access}> mem${i} : ${type};`
    })
    const vectors = Math.ceil(this.placeNames.size / COMPONENTS.length)
    return [`@group(${group}) @binding(0) var<uniform> places : array<vec4u, ${vectors}>;`, ...buffers].join('\n')
  }

  private addPlace(key: string, offset: number, cursorStride: number): { readonly name: string; readonly offset: number; readonly statement: string } {
    const index = this.placeNames.size
    const name = `at${index}`
    const value = `places[${Math.floor(index / COMPONENTS.length)}].${COMPONENTS[index % COMPONENTS.length]}`
    const place = { name, offset, statement: `let ${name} = ${plus(value, times('frame.cursor', cursorStride))};` }
    this.placeNames.set(key, place)
    return place
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
