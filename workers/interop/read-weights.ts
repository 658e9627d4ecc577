import type { NetworkSettings } from '../../src/contracts/experiment.ts'
import { DataError } from '../data/data-error.ts'
import { baseName, type DataFile } from '../data/data-file.ts'
import type { NdArray } from '../data/nd-array.ts'
import { readNpz } from '../data/npz.ts'
import { readSafetensors } from '../data/safetensors.ts'
import { isZip, readZip } from '../data/zip.ts'
import type { Network } from '../networks/network.ts'
import { graphOf, type Graph } from './graph.ts'
import { isKerasNaming, isNumbered, putKeras, putNumbered } from './keras-weights.ts'
import { isFlat, isOwnNaming, putFlat, putOwn } from './own-weights.ts'
import { misfit, slotsOf, type Slot } from './slots.ts'
import { checkTopology } from './tfjs-check.ts'
import { readTfjs } from './tfjs-files.ts'
import { isTorchNaming, putTorch } from './torch-weights.ts'

const KNOWN = 'expected .npz, .safetensors, or model.json with its weights files, also zipped'
/** Names under which our own archives keep weights. */
const WEIGHT_MEMBERS = ['weights.npz', 'weights.safetensors', 'model.json']

interface Tensors {
  readonly tensors: ReadonlyMap<string, NdArray>
  /** Whether the order of the arrays means something. */
  readonly ordered: boolean
}

/**
 * The flat state of a network (weights, and the statistics of batch norms behind them) from files that the user
 * chose. Their content decides what they are:
 * - `.npz` or `.safetensors` with our names, Keras's (`conv2d/kernel:0`), numbers in the order of
 *   `model.get_weights()`, PyTorch's (`conv1.weight`), or the flat state itself as one vector `theta`;
 * - a TensorFlow.js layers model, `model.json` with its weights files;
 * - a zip of either, such as our own exports.
 * @param settings the layers that `network` was built from
 * @throws DataError naming the array or layer that is at fault, what it has and what was expected
 */
export function readWeights(files: readonly DataFile[], network: Network, settings: NetworkSettings): Float32Array {
  const [graph, slots, state] = [graphOf(settings, network), slotsOf(network), new Float32Array(network.stateLength)]
  const unpacked = unpack(files)
  const model = unpacked.find(({ name }) => baseName(name) === 'model.json') ?? unpacked.find(isJson)
  if (model === undefined) putTensors(readTensors(unpacked), graph, slots, state)
  else {
    const { layers, tensors } = readTfjs(model, unpacked.filter((file) => file !== model))
    putKeras(tensors, graph, slots, state)
    checkTopology(layers, graph, model.name)
  }
  return state
}

/** What lies in a zip that is no .npz; other files as they are. */
function unpack(files: readonly DataFile[]): DataFile[] {
  if (files.length === 0) throw new DataError('missing', `weights: no file, ${KNOWN}`)
  return files.flatMap((file) => (isZip(file.bytes) ? unpackZip(file) : [file]))
}

function unpackZip(file: DataFile): DataFile[] {
  const seen: string[] = []
  const members = readZip(file.bytes, file.name, (member) => {
    seen.push(member)
    return !member.endsWith('.npy')
  })
  if (seen.some((member) => member.endsWith('.npy'))) return [file]
  if (seen.some((member) => member.endsWith('data.pkl'))) {
    throw new DataError('shape', `${file.name}: a PyTorch file of pickled objects, ${KNOWN}; save it with safetensors.torch.save_file(model.state_dict(), …)`)
  }
  const inside = Array.from(members, ([name, bytes]): DataFile => ({ name, bytes }))
  const known = WEIGHT_MEMBERS.map((wanted) => inside.find(({ name }) => baseName(name) === wanted)).find((found) => found !== undefined)
  if (known === undefined) throw new DataError('shape', `${file.name}: no weights in ${seen.length} files, expected ${WEIGHT_MEMBERS.join(', ')} or .npy arrays; choose another file`)
  return baseName(known.name) === 'model.json' ? inside : [known]
}

function readTensors(files: readonly DataFile[]): Tensors {
  const [file, second] = files
  if (second !== undefined) throw new DataError('shape', `weights: ${files.map(({ name }) => name).join(', ')}; expected one file, or model.json with its weights files`)
  if (isZip(file.bytes)) return { tensors: readNpz(file.bytes, file.name), ordered: true }
  if (isSafetensors(file.bytes)) return { tensors: readSafetensors(file.bytes, file.name), ordered: false }
  throw new DataError('shape', `${file.name}: ${unknownKind(file.bytes)}`)
}

function putTensors({ tensors, ordered }: Tensors, graph: Graph, slots: readonly Slot[], state: Float32Array): void {
  const names = [...tensors.keys()]
  if (names.length === 0) throw misfit('no arrays in the file', tensors, slots)
  if (isFlat(tensors, state)) putFlat(tensors, slots, state)
  else if (isOwnNaming(names, slots)) putOwn(tensors, slots, state)
  else if (isNumbered(names)) putNumbered(tensors, graph, slots, state)
  else if (isTorchNaming(names)) putTorch(tensors, ordered, graph, slots, state)
  else if (isKerasNaming(names)) putKeras(tensors, graph, slots, state)
  else putOwn(tensors, slots, state)
}

function isJson({ name, bytes }: DataFile): boolean {
  return name.endsWith('.json') || bytes[0] === 0x7b
}

/** A header length below 2^32, then JSON. */
function isSafetensors(bytes: Uint8Array): boolean {
  return bytes[8] === 0x7b && bytes[4] === 0 && bytes[5] === 0 && bytes[6] === 0 && bytes[7] === 0
}

function unknownKind(bytes: Uint8Array): string {
  if (bytes[0] === 0x89 && bytes[1] === 0x48 && bytes[2] === 0x44 && bytes[3] === 0x46) {
    return `an HDF5 file, ${KNOWN}; load it in Keras and write numpy.savez(file, *model.get_weights())`
  }
  if (bytes[0] === 0x93 && bytes[1] === 0x4e) return `a single NumPy array, ${KNOWN}; write it with numpy.savez(file, theta=array)`
  return `${bytes.length} bytes of an unknown format, ${KNOWN}; export the weights again`
}
