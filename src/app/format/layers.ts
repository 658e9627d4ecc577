import type { LayerKind, LayerSettings } from '../../contracts/layers.ts'
import { formatLayer } from '../../contracts/layers.ts'

export const LAYER_TITLES: Readonly<Record<LayerKind, string>> = {
  dense: 'Dense',
  conv: 'Convolution',
  maxPool: 'Max pooling',
  averagePool: 'Average pooling',
  globalAveragePool: 'Global average',
  residual: 'Residual block',
}

/** What a layer does, for a person who adds one. */
export const LAYER_NOTES: Readonly<Record<LayerKind, string>> = {
  dense: 'Every unit sees everything; images are flattened first',
  conv: 'The same small filters at every place of the image',
  maxPool: 'Keeps the largest value of every window',
  averagePool: 'Keeps the mean of every window',
  globalAveragePool: 'One mean for every channel of the image',
  residual: 'Two 3 × 3 convolutions with a shortcut around them',
}

/** "784-50-50-10", "32×32×3-c16x3b-3·r16b-g-10": input, layers as in a link with repeats counted, classes. */
export function describeLayers(layers: readonly LayerSettings[], input: readonly number[], classes: number): string {
  const flat = layers.every(({ kind }) => kind === 'dense')
  const inputs = flat ? String(input.reduce((product, side) => product * side, 1)) : input.join('×')
  return [inputs, ...(flat ? layers.map(formatLayer) : counted(layers.map(formatLayer))), classes].join('-')
}

function counted(texts: readonly string[]): string[] {
  const runs: { readonly text: string; count: number }[] = []
  for (const text of texts) {
    const last = runs.at(-1)
    if (last?.text === text) last.count += 1
    else runs.push({ text, count: 1 })
  }
  return runs.map(({ text, count }) => (count === 1 ? text : `${count}·${text}`))
}

/** "28 × 28 × 6" */
export function describeShape(shape: readonly number[]): string {
  return shape.join(' × ')
}

/** "32 × 32 × 3 numbers" of an image, "20 numbers" of anything flat. */
export function describeSample(shape: readonly number[]): string {
  return shape[0] > 1 ? `${describeShape(shape)} numbers` : `${shape.reduce((product, side) => product * side, 1)} numbers`
}
