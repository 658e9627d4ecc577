import type { NetworkSettings } from '../../contracts/experiment.ts'
import { findPreset } from '../../contracts/presets.ts'
import { layersText } from './architecture.ts'

/** A network to start arranging from. */
export interface StartPoint {
  readonly id: string
  readonly title: string
  readonly note: string
  readonly network: NetworkSettings
}

const TABLE = [
  ['mlp50', 'MLP 50'],
  ['mlp256', 'MLP 256'],
  ['lenet', 'LeNet'],
  ['minialexnet', 'miniAlexNet'],
  ['resnet20', 'ResNet 20'],
] as const

/** The five networks of Table 5.1, and one without hidden layers. */
export const startPoints: readonly StartPoint[] = [
  ...TABLE.flatMap(([id, title]) => {
    const network = findPreset(id)?.experiment.network
    return network === undefined ? [] : [{ id, title, note: layersText(network.layers), network }]
  }),
  { id: 'linear', title: 'No hidden layer', note: 'Multinomial logistic regression: its loss is convex', network: { layers: [], activation: 'relu', initialiser: 'glorotUniform' } },
]
