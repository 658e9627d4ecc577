import type { Operand } from '../../tensor.ts'
import { rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import { plus, times, u32 } from '../wgsl.ts'
import { range, sumName, type TileLayout } from './product.ts'

/** Which part of the sums a thread takes. */
export interface Part {
  /** The thread's slice, a contiguous part of every term; ignored where there is one slice only. */
  readonly slice: string
  /** First k of the thread within the slice, and the step to the next. */
  readonly first: string
  readonly step: number
}

/** Everything a term's loop needs to know. */
export interface TermContext {
  readonly bindings: Bindings
  readonly layout: TileLayout
  readonly part: Part
  /** Names of the tile's rows and columns, clamped so that every load is inside. */
  readonly row: (i: number) => string
  readonly col: (j: number) => string
}

/** The part [from, to) of `count` steps that a slice takes. */
export function sliceRange(count: number, slices: number, slice: string): { readonly before: string; readonly from: string; readonly to: string } {
  if (slices === 1) return { before: '', from: '0u', to: u32(count) }
  const share = Math.ceil(count / slices)
  return { before: `let sliceFrom = ${times(slice, share)};\nlet sliceTo = min(sliceFrom + ${u32(share)}, ${u32(count)});`, from: 'sliceFrom', to: 'sliceTo' }
}

/** One step of k for every element of the tile: registers a0 … and b0 … are loaded. */
export function fmaStatements({ tile }: TileLayout): string {
  return range(tile.m)
    .flatMap((i) => range(tile.n).map((j) => `${sumName(i, j)} = fma(a${i}, b${j}, ${sumName(i, j)});`))
    .join('\n')
}

/** Loads of a factor: what is found once, and what is loaded for every `k`. */
export interface Loader {
  readonly once: string
  readonly perStep: string
}

/**
 * `width` elements per step of k. Where k runs along the rows of the operand, one row start per step is enough; where
 * it runs along the columns, the row starts are found once.
 */
export function loader(bindings: Bindings, operand: Operand, sumsOverRows: boolean, letter: string, width: number, name: (i: number) => string): Loader {
  const buffer = bindings.read(operand.buffer)
  if (sumsOverRows) {
    const loads = range(width).map((i) => `let ${letter}${i} = ${buffer}[${plus(`${letter}k`, name(i))}];`)
    return { once: '', perStep: lines(`let ${letter}k = ${rowStart(bindings, operand, 'k')};`, ...loads) }
  }
  const starts = range(width).map((i) => `let ${letter}r${i} = ${rowStart(bindings, operand, name(i))};`)
  const loads = range(width).map((i) => `let ${letter}${i} = ${buffer}[${letter}r${i} + k];`)
  return { once: lines(...starts), perStep: lines(...loads) }
}

/** Statements one below the other, without empty ones. */
export function lines(...statements: readonly string[]): string {
  return statements.filter((statement) => statement !== '').join('\n')
}
