import type { BufferHandle, Operand } from '../tensor.ts'
import type { FrameScalar } from './frame-table.ts'
import { plus, times } from './wgsl.ts'

/** One storage buffer of a dispatch. A buffer is bound once, whatever the number of kernels that use it. */
export interface Binding {
  readonly buffer: BufferHandle
  readonly access: 'read' | 'read_write'
}

/** Vectors of places that every dispatch binds, used or not: another number would be another text. */
export const MOST_PLACES = 64

const COMPONENTS = ['x', 'y', 'z', 'w'] as const

/**
 * What a dispatch is given: storage buffers with their names in WGSL, and the places of its operands. Places are
 * data of the dispatch and not part of its text, so that equal layers share one pipeline.
 */
export class Bindings {
  private readonly entries = new Map<number, { buffer: BufferHandle; written: boolean }>()
  private readonly names = new Map<number, string>()
  private scalars = new Set<FrameScalar>()
  private places = new Map<string, { readonly name: string; readonly offset: number; readonly cursorStride: number }>()

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
    const known = this.places.get(key)
    if (known) return known.name
    const name = `at${this.places.size}`
    this.places.set(key, { name, offset, cursorStride })
    return name
  }

  /** Name of a scalar of the frame. */
  scalar(name: FrameScalar): string {
    this.scalars.add(name)
    return name
  }

  /**
   * Ends a function: gives the statements that must begin it, which make places and scalars known, and its places,
   * which are counted from vector `base`. Software adapters pay for every look at a uniform, so each is taken once.
   */
  takePrelude(): { readonly statements: string; readonly vectors: readonly number[] } {
    const places = [...this.places.values()]
    this.places = new Map()
    const statements = places.map(({ name, cursorStride }, i) => {
      const value = `places[${plus('base', `${Math.floor(i / COMPONENTS.length)}u`)}].${COMPONENTS[i % COMPONENTS.length]}`
      return `let ${name} = ${plus(value, times('frame.cursor', cursorStride))};`
    })
    const padding = new Array<number>((COMPONENTS.length - (places.length % COMPONENTS.length)) % COMPONENTS.length).fill(0)
    const scalars = [...this.scalars].map((name) => `let ${name} = frame.${name};`)
    this.scalars = new Set()
    return { statements: [...statements, ...scalars].join('\n'), vectors: [...places.map(({ offset }) => offset), ...padding] }
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
    return [`@group(${group}) @binding(0) var<uniform> places : array<vec4u, ${MOST_PLACES}>;`, ...buffers].join('\n')
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
