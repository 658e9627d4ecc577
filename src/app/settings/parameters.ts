import type { LayerSettings } from '../../contracts/layers.ts'

interface Weighted {
  readonly batchNorm: boolean
}

/**
 * Names of every parameter tensor of a network: `1.kernel`, `1.bias`, … Only layers with a kernel count; with batch
 * norm gamma and beta take the place of the bias. The output layer comes last.
 * @param channels of the input images: where a residual block keeps them, its shortcut has no kernel
 */
export function tensorNames(layers: readonly LayerSettings[], channels: number): ReadonlySet<string> {
  const weighted = [...weightedLayers(layers, channels), { batchNorm: false }]
  return new Set(weighted.flatMap(({ batchNorm }, i) => ['kernel', ...(batchNorm ? ['gamma', 'beta'] : ['bias'])].map((part) => `${i + 1}.${part}`)))
}

/** Does every tensor of the selection exist in such a network? */
export function selectionExists(selection: string, names: ReadonlySet<string>): boolean {
  return selection === 'all' || selection.split('+').every((tensor) => names.has(tensor))
}

export function hasBatchNorm(layers: readonly LayerSettings[]): boolean {
  return layers.some((layer) => 'batchNorm' in layer && layer.batchNorm)
}

function weightedLayers(layers: readonly LayerSettings[], inputChannels: number): readonly Weighted[] {
  let channels = inputChannels
  return layers.flatMap((layer) => {
    const before = channels
    if (layer.kind === 'conv' || layer.kind === 'residual') channels = layer.filters
    return weightedOf(layer, before)
  })
}

function weightedOf(layer: LayerSettings, channels: number): readonly Weighted[] {
  switch (layer.kind) {
    case 'dense':
    case 'conv':
      return [layer]
    case 'residual':
      return layer.stride !== 1 || layer.filters !== channels ? [layer, layer, layer] : [layer, layer]
    case 'maxPool':
    case 'averagePool':
    case 'globalAveragePool':
      return []
  }
}
