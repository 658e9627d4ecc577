import { ndArray, type NdArray } from './nd-array.ts'
import { fromTorch, isTorchNaming } from './torch-weights.ts'
import { layoutSize, misfit, putFinite, sameShape, type WeightLayout } from './weight-layout.ts'

/** The vector `theta`, or the only tensor, when it has exactly the network's size. */
function flatVector(tensors: ReadonlyMap<string, NdArray>, size: number): readonly [string, NdArray] | null {
  const theta = tensors.get('theta')
  const [only] = tensors.size === 1 ? tensors : []
  const candidate = theta ? (['theta', theta] as const) : only
  return candidate && sameShape(candidate[1].shape, [size]) ? candidate : null
}

function byName(theta: Float32Array, tensors: ReadonlyMap<string, NdArray>, layout: WeightLayout): void {
  const known = new Set(layout.map((entry) => entry.name))
  const unknown = [...tensors.keys()].find((name) => !known.has(name))
  if (unknown !== undefined) throw misfit(`no parameter is named ${unknown}`, tensors, layout)
  for (const { name, shape, offset } of layout) {
    const array = tensors.get(name)
    if (!array) throw misfit(`${name} is missing`, tensors, layout)
    if (!sameShape(array.shape, shape)) {
      const transposed = sameShape([...array.shape].reverse(), shape) ? ', it looks transposed' : ''
      throw misfit(`${name} has another shape${transposed}`, tensors, layout)
    }
    putFinite(theta, offset, array.data, name)
  }
}

/**
 * The flat weight vector from a file's tensors, which are one of
 * - one vector: `theta`, or a single 1-D tensor, in layout order;
 * - one tensor per parameter under our names (`dense_1/kernel`, `dense_1/bias`, …);
 * - a PyTorch sequential state dict (`0.weight`, `0.bias`, `2.weight`, …), see `torch-weights.ts`.
 * @returns (layout size,) float32
 * @throws DataError `shape` listing what came and what was expected, or `value` for a value that is not finite
 */
export function loadWeights(tensors: ReadonlyMap<string, NdArray>, layout: WeightLayout): Float32Array {
  const theta = new Float32Array(layoutSize(layout))
  const flat = flatVector(tensors, theta.length)
  if (flat) putFinite(theta, 0, flat[1].data, flat[0])
  else if (isTorchNaming(tensors)) {
    for (const [{ name, offset }, data] of fromTorch(tensors, layout)) putFinite(theta, offset, data, name)
  } else byName(theta, tensors, layout)
  return theta
}

/**
 * One tensor per parameter, under its layout name and shape; ready for `writeNpz` or `writeSafetensors`.
 * @param theta (layout size,)
 * @throws DataError `shape` when the sizes differ
 */
export function exportWeights(theta: Float32Array, layout: WeightLayout): Map<string, NdArray> {
  if (theta.length !== layoutSize(layout)) throw misfit(`theta has ${theta.length} elements`, new Map([['theta', ndArray(theta)]]), layout)
  return new Map(layout.map(({ name, shape, offset, size }) => [name, ndArray(theta.slice(offset, offset + size), shape)]))
}
