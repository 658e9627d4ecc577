import type { Write } from '../kernels.ts'
import type { Operand } from '../tensor.ts'
import { rowStart } from './addressing.ts'
import type { Bindings } from './bindings.ts'
import { plus } from './wgsl.ts'

/** WGSL that stores values of one row. Names end in `suffix`, so that several rows can share a scope. */
export interface RowWriter {
  /** Statements that find the row; to be placed once per row. */
  prelude(row: string, suffix: string): string
  /** Statement that stores `value` in column `col`. */
  element(col: string, value: string, suffix: string): string
}

/** Writer for a kernel's result. */
export function rowWriter(bindings: Bindings, write: Write): RowWriter {
  if (write.mode === 'sgd') return sgdWriter(bindings, write)
  const name = bindings.write(write.to.buffer)
  return {
    prelude: (row, suffix) => `let to${suffix} = ${rowStart(bindings, write.to, row)};`,
    element: (col, value, suffix) => {
      const place = `${name}[${plus(`to${suffix}`, col)}]`
      return write.mode === 'assign' ? `${place} = ${value};` : `${place} = ${place} + ${value};`
    },
  }
}

/** v ← βv − η(g + 2λw); w ← w + v (Eq. 2.5), with η, β, λ from the frame. */
function sgdWriter(bindings: Bindings, { weights, velocity, decayed }: Extract<Write, { mode: 'sgd' }>): RowWriter {
  const name = bindings.write(weights.buffer)
  const velocityName = velocity === null ? null : bindings.write(velocity.buffer)
  const [rate, decay] = [bindings.scalar('learningRate'), decayed ? bindings.scalar('weightDecay') : '']
  const momentum = velocity === null ? '' : bindings.scalar('momentum')
  const finding = (operand: Operand, word: string, row: string): string => `let ${word} = ${rowStart(bindings, operand, row)};`
  return {
    prelude: (row, suffix) =>
      [finding(weights, `to${suffix}`, row), ...(velocity === null ? [] : [finding(velocity, `velocity${suffix}`, row)])].join('\n'),
    element: (col, value, suffix) => {
      const weight = `${name}[${plus(`to${suffix}`, col)}]`
      const slope = decayed ? `(${value} + 2.0 * ${decay} * w)` : `(${value})`
      if (velocityName === null) return `{ let w = ${weight}; ${weight} = w - ${rate} * ${slope}; }`
      const moved = `${velocityName}[${plus(`velocity${suffix}`, col)}]`
      return `{ let w = ${weight}; let step = ${momentum} * ${moved} - ${rate} * ${slope}; ${moved} = step; ${weight} = w + step; }`
    },
  }
}
