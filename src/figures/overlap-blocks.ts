import type { OverlapResult } from '../contracts/results.ts'
import type { IndexAxis } from './index-axis.ts'

/** An overlap map with its axes, as drawn: cell by cell, or by blocks where there are more cells than a plot can show. */
export interface DrawnMap {
  readonly result: OverlapResult
  readonly rowAxis: IndexAxis
  readonly colAxis: IndexAxis
  /** Rows and columns of a block; [1, 1] where every cell is drawn. */
  readonly block: readonly [rows: number, cols: number]
}

const MOST_CELLS = 400_000
const LONGEST_SIDE = 3000

/** Rows or columns [from, to) that are drawn as one. */
interface Group {
  readonly from: number
  readonly to: number
}

/**
 * The map with at most 400,000 cells: blocks have the root mean square of their cells, which leaves the null level 1/√n
 * where it is. No block reaches over the gap between two ends of a spectrum.
 */
export function drawnMap(result: OverlapResult, rowAxis: IndexAxis, colAxis: IndexAxis): DrawnMap {
  const block = blockSize(result.rows, result.cols)
  if (block[0] === 1 && block[1] === 1) return { result, rowAxis, colAxis, block }
  const [rows, cols] = [groupsOf(result.rows, block[0], rowAxis), groupsOf(result.cols, block[1], colAxis)]
  const values = Float32Array.from({ length: rows.length * cols.length }, (_, k) => rootMeanSquare(result, rows[Math.floor(k / cols.length)], cols[k % cols.length]))
  const rowsDone = rows.filter(({ from }) => from < result.rowsDone).length
  return { result: { ...result, rows: rows.length, cols: cols.length, values, rowsDone }, rowAxis: groupedAxis(rowAxis, rows), colAxis: groupedAxis(colAxis, cols), block }
}

function blockSize(rows: number, cols: number): readonly [rows: number, cols: number] {
  let [tall, wide] = [Math.max(1, Math.ceil(rows / LONGEST_SIDE)), Math.max(1, Math.ceil(cols / LONGEST_SIDE))]
  while (Math.ceil(rows / tall) * Math.ceil(cols / wide) > MOST_CELLS) {
    if (rows / tall > cols / wide) tall += 1
    else wide += 1
  }
  return [tall, wide]
}

function groupsOf(count: number, size: number, { gap }: IndexAxis): Group[] {
  const ends = gap === null ? [count] : [Math.round(gap - 0.5), count]
  return ends.flatMap((to, k) => {
    const from = k === 0 ? 0 : ends[0]
    return Array.from({ length: Math.ceil((to - from) / size) }, (_, i) => ({ from: from + i * size, to: Math.min(to, from + (i + 1) * size) }))
  })
}

/** Of the finite cells of a block; NaN where there is none. */
function rootMeanSquare({ values, cols: width }: OverlapResult, rows: Group, cols: Group): number {
  let [sum, count] = [0, 0]
  for (let i = rows.from; i < rows.to; i++) {
    for (let j = cols.from; j < cols.to; j++) {
      const value = values[i * width + j]
      if (!Number.isFinite(value)) continue
      sum += value * value
      count += 1
    }
  }
  return Math.sqrt(sum / count)
}

function groupedAxis(axis: IndexAxis, groups: readonly Group[]): IndexAxis {
  const alone = ({ from, to }: Group) => to - from === 1
  return {
    ...axis,
    positions: groups.map(({ from, to }) => (axis.positions[from] + axis.positions[to - 1]) / 2),
    indices: groups.map((group) => (alone(group) ? axis.indices[group.from] : null)),
    labels: groups.map((group) => (alone(group) ? axis.labels[group.from] : `${axis.labels[group.from]} to ${axis.labels[group.to - 1]}`)),
  }
}
