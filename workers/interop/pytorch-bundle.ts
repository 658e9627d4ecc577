/** A trained network with a script that repeats its Hessian analysis in PyTorch and prints the same numbers. */
import type { NetworkSettings } from '../../src/contracts/experiment.ts'
import { ndArray } from '../data/nd-array.ts'
import { writeNpz } from '../data/npz.ts'
import { isDecayed, type Network } from '../networks/network.ts'
import { selectionName, selectParameters } from '../networks/selection.ts'
import { EPSILON } from '../networks/layers/batch-norm.ts'
import { graphOf } from './graph.ts'
import { ownArrays } from './own-weights.ts'
import { ANALYSE_SCRIPT } from './pytorch-script.ts'
import { checkState, slotsOf } from './slots.ts'

/** An eigenvalue with ‖Hh − hh‖ of its vector, and whether that met the tolerance. */
export interface ExpectedEigenvalue {
  readonly value: number
  readonly residual: number
  readonly converged: boolean
}

/** One Hessian-vector product, along `checkDirection(size, seed)`. */
export interface ProductCheck {
  readonly seed: number
  /** ‖Hv‖ */
  readonly norm: number
  /** v·Hv */
  readonly quotient: number
}

/** What the lab found; the Hessian is that of the mean cross entropy plus λ‖W‖² on decayed kernels. */
export interface ExpectedAnalysis {
  /** `all`, or `2.kernel+2.bias`. */
  readonly selection: string
  /** λ */
  readonly weightDecay: number
  readonly decayed: 'kernels' | 'dense'
  /** Statistics of batch norm: those gathered in training, or of all samples together. */
  readonly batchNorm: 'inference' | 'training'
  readonly loss: number
  /** Length of the gradient over the selection. */
  readonly gradientNorm: number
  readonly product: ProductCheck
  /** Descending. */
  readonly largest: readonly ExpectedEigenvalue[]
  /** Ascending. */
  readonly smallest: readonly ExpectedEigenvalue[]
}

export interface PytorchBundle {
  /** The layers that `network` was built from. */
  readonly settings: NetworkSettings
  readonly network: Network
  /** Flat state at which `expected` was found. */
  readonly state: Float32Array
  /** Preprocessed inputs [samples, inputSize], the samples of the analysis only. */
  readonly samples: Float32Array
  /** [samples] */
  readonly labels: Uint8Array
  readonly expected: ExpectedAnalysis
}

export type BundleFile = 'README.txt' | 'analyse.py' | 'expected.json' | 'network.json' | 'samples.npz' | 'weights.npz'

const README = `A network trained in Hessian Lab, and its Hessian analysis.

    python3 analyse.py

computes loss, gradient, a Hessian-vector product and the extreme eigenvalues again with
PyTorch in float64 and prints them beside the numbers of Hessian Lab. The script says what
the other files are.
`

/**
 * The files of the bundle by name; the caller packs them. Equal inputs give equal bytes.
 * @throws RangeError when sizes do not agree; LabError when the selection is not part of the network
 */
export function pytorchBundle({ settings, network, state, samples, labels, expected }: PytorchBundle): Record<BundleFile, Uint8Array> {
  checkState(network, state)
  if (samples.length !== labels.length * network.inputSize) {
    throw new RangeError(`samples: ${samples.length} numbers, expected ${labels.length} × ${network.inputSize}; pass as many inputs as labels`)
  }
  selectParameters(network, expected.selection)
  const graph = graphOf(settings, network)
  const description = {
    description: network.description,
    activation: settings.activation,
    inputShape: graph.inputShape,
    classes: network.classes,
    epsilon: EPSILON,
    nodes: graph.nodes,
    parameters: network.parameters.map((parameter) => {
      const { name, shape } = parameter
      return { name, selection: selectionName(parameter), shape, decayed: isDecayed(parameter, expected.decayed) }
    }),
  }
  return {
    'README.txt': new TextEncoder().encode(README),
    'analyse.py': new TextEncoder().encode(ANALYSE_SCRIPT),
    'expected.json': json({ ...expected, samples: labels.length }),
    'network.json': json(description),
    'samples.npz': writeNpz({ x: ndArray(samples, [labels.length, ...graph.inputShape]), y: ndArray(labels) }),
    'weights.npz': writeNpz(ownArrays(slotsOf(network), state)),
  }
}

/**
 * The direction v of the product check: numbers in [−1, 1) from a hash of the index (the finaliser of MurmurHash3),
 * multiples of 2⁻²³ and so exact in float32. The script makes the same ones.
 * @param seed unsigned 32-bit
 */
export function checkDirection(size: number, seed: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => {
    let bits = Math.imul(i + 1, 0x9e3779b1) ^ seed
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
    return ((bits ^ (bits >>> 16)) >>> 8) / 2 ** 23 - 1
  })
}

/** What a bundle tells of the product Hv with v = `checkDirection(size, seed)`. */
export function productCheck(seed: number, product: Float64Array): ProductCheck {
  const direction = checkDirection(product.length, seed)
  let [squares, quotient] = [0, 0]
  for (let i = 0; i < product.length; i++) {
    squares += product[i] * product[i]
    quotient += direction[i] * product[i]
  }
  return { seed, norm: Math.sqrt(squares), quotient }
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`)
}
