import type { LayerShare } from '../../../src/contracts/results.ts'
import type { SelectedParameters } from '../../networks/selection.ts'

/** Entries start … end − 1 of the vectors of a selection, those of one layer. */
export interface LayerRange {
  readonly start: number
  readonly end: number
  readonly share: LayerShare
}

/** The layers of a selection in order; parameters of a layer follow each other. */
export function layerRanges({ parameters }: SelectedParameters): readonly LayerRange[] {
  const ranges: LayerRange[] = []
  let at = 0
  for (const { layer, name, size } of parameters) {
    const last = ranges.at(-1)
    const end = at + size
    if (last?.share.layer === layer) ranges[ranges.length - 1] = { ...last, end, share: { ...last.share, parameters: end - last.start } }
    else ranges.push({ start: at, end, share: { layer, name: name.split('/')[0], parameters: size } })
    at = end
  }
  return ranges
}
