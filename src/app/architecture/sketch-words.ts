import type { LayerSketch, NetworkSketch } from '../../contracts/results.ts'
import { describeShape } from '../format/layers.ts'
import { formatCount } from '../format/number.ts'
import { formatBytes, formatEstimate } from '../format/quantity.ts'

/** What one layer makes and holds: "14 × 14 × 6 · 156 parameters". */
export function layerLine({ outputShape, parameters }: LayerSketch): string {
  return `${describeShape(outputShape)} · ${parameters === 0 ? 'no parameters' : `${formatCount(parameters)} ${parameters === 1 ? 'parameter' : 'parameters'}`}`
}

/** Size and cost of the whole, with where the time comes from. */
export function totalLine({ parameterCount, trainingBytes, secondsPerEpoch, measured }: NetworkSketch): string {
  const from = measured ? 'from the measured speed of this machine' : 'on a modest laptop core, not measured here'
  return `${formatCount(parameterCount)} parameters · ${formatBytes(trainingBytes)} for training · ${formatEstimate(secondsPerEpoch)} per epoch, ${from}`
}

const MUCH_MEMORY = 1e9
const LONG_EPOCH_SECONDS = 300

/** What to think about before building it; null when there is nothing. */
export function costWarning({ trainingBytes, secondsPerEpoch }: NetworkSketch): string | null {
  if (trainingBytes > MUCH_MEMORY) return 'Browsers often refuse that much memory. A smaller batch or fewer filters need less.'
  if (secondsPerEpoch > LONG_EPOCH_SECONDS) return 'An epoch takes minutes. Fewer training samples make it shorter.'
  return null
}

/** The sketch's line for a layer of the settings, where it has got that far. */
export function sketchOf(sketch: NetworkSketch | null, index: number): LayerSketch | null {
  return sketch?.layers.find((line) => line.index === index) ?? null
}
