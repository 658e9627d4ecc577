/** A TensorFlow.js layers model: `model.json` (topology, manifest of the weights) and files of float32 numbers. */
import { zipSync } from 'fflate'
import { z } from 'zod'
import { baseName, type DataFile } from '../data/data-file.ts'
import { DataError } from '../data/data-error.ts'
import { decodeElements, ELEMENT_BYTES, encodeElements } from '../data/elements.ts'
import { sizeOf, type NdArray } from '../data/nd-array.ts'
import type { Graph } from './graph.ts'
import { kerasArrays } from './keras-weights.ts'
import type { Slot } from './slots.ts'
import type { FileLayer } from './tfjs-check.ts'
import { topologyOf } from './tfjs-topology.ts'

const WEIGHTS_FILE = 'weights.bin'
/** zip stores local time from 1980 on; a fixed date makes the bytes repeatable in any time zone. */
const FIXED_TIME = new Date(1980, 0, 1, 12)

/** Both files of a model that `tf.loadLayersModel` opens and that predicts the logits. */
export function tfjsFiles(graph: Graph, slots: readonly Slot[], state: Float32Array, name: string): Record<'model.json' | 'weights.bin', Uint8Array> {
  const arrays = kerasArrays(graph, slots, state, '')
  const weights = Array.from(arrays, ([array, { shape }]) => ({ name: array, shape, dtype: 'float32' }))
  const model = {
    format: 'layers-model',
    generatedBy: 'Hessian Lab',
    convertedBy: null,
    modelTopology: topologyOf(graph, slots, name),
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights }],
  }
  const parts = Array.from(arrays.values(), encodeElements)
  return { 'model.json': new TextEncoder().encode(JSON.stringify(model)), 'weights.bin': concatenate(parts) }
}

/** The same as one zip; equal weights give equal bytes. */
export function tfjsZip(graph: Graph, slots: readonly Slot[], state: Float32Array, name: string): Uint8Array {
  return zipSync(tfjsFiles(graph, slots, state, name), { level: 6, mtime: FIXED_TIME })
}

const natural = z.number().int().nonnegative()
const configSchema = z.record(z.string(), z.unknown())
const layerSchema = z.object({ class_name: z.string(), config: configSchema })
/** Sequential models of early versions have the list of layers itself as their config. */
const modelConfigSchema = z.object({ class_name: z.string(), config: z.union([z.array(layerSchema), z.object({ layers: z.array(layerSchema) })]) })
const modelSchema = z.object({
  format: z.string().optional(),
  modelTopology: z.union([z.object({ model_config: modelConfigSchema }), modelConfigSchema]),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(z.object({ name: z.string(), shape: z.array(natural), dtype: z.string(), quantization: z.object({ dtype: z.string() }).optional() })),
    }),
  ),
})

type Manifest = z.infer<typeof modelSchema>['weightsManifest'][number]

/** A model as read: its layers in the file's order, and its arrays in the order of these layers. */
export interface TfjsModel {
  readonly layers: readonly FileLayer[]
  readonly tensors: Map<string, NdArray>
}

/**
 * Reads a layers model.
 * @param model the `model.json`
 * @param others the other files; those that the manifest names are taken by the last part of their path
 * @throws DataError `corrupt`, `missing` (a weights file), `truncated`, `shape` (another format or element type)
 */
export function readTfjs(model: DataFile, others: readonly DataFile[]): TfjsModel {
  const { format, modelTopology, weightsManifest } = parseModel(model)
  if (format !== undefined && format !== 'layers-model') {
    throw new DataError('shape', `${model.name}: format ${format}, expected layers-model, which names its layers; save the model with model.save or convert it from Keras`)
  }
  const { config } = 'model_config' in modelTopology ? modelTopology.model_config : modelTopology
  const layers = (Array.isArray(config) ? config : config.layers).map(({ class_name: className, config: own }): FileLayer => {
    const name = own['name']
    return { name: typeof name === 'string' ? name : className, className, config: own }
  })
  const tensors = new Map(weightsManifest.flatMap((group) => readGroup(group, others, model.name)))
  return { layers, tensors: inLayerOrder(tensors, layers) }
}

function parseModel({ name, bytes }: DataFile): z.infer<typeof modelSchema> {
  let content: unknown
  try {
    content = JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw new DataError('corrupt', `${name}: no complete JSON text in ${bytes.length} bytes; save the model again`, { cause })
  }
  const parsed = modelSchema.safeParse(content)
  if (parsed.success) return parsed.data
  const where = parsed.error.issues[0]?.path.join('.') || 'content'
  throw new DataError('corrupt', `${name}: ${where} is not what a TensorFlow.js layers model has there; save the model with model.save`)
}

function readGroup({ paths, weights }: Manifest, files: readonly DataFile[], model: string): [string, NdArray][] {
  const parts = paths.map((path) => {
    const file = files.find(({ name }) => baseName(name) === baseName(path))
    if (file === undefined) throw new DataError('missing', `${model}: the weights file ${path} is missing; choose it together with ${model}`)
    return file.bytes
  })
  const bytes = concatenate(parts)
  let at = 0
  const arrays = weights.map(({ name, shape, dtype, quantization }): [string, NdArray] => {
    if (dtype !== 'float32' || (quantization !== undefined && quantization.dtype !== 'float16')) {
      throw new DataError('shape', `${model}: ${name} is stored as ${quantization?.dtype ?? dtype}, expected float32 or float16; convert the model without quantization`)
    }
    const stored = quantization === undefined ? 'f4' : 'f2'
    const end = at + sizeOf(shape) * ELEMENT_BYTES[stored]
    if (end > bytes.length) throw new DataError('truncated', `${paths.join(', ')}: ${bytes.length} bytes, expected at least ${end} for ${name}; save the model again`)
    const array = decodeElements(bytes.subarray(at, end), stored, shape, name)
    at = end
    return [name, array]
  })
  if (at !== bytes.length) throw new DataError('truncated', `${paths.join(', ')}: ${bytes.length} bytes, expected ${at}, the last for ${weights.at(-1)?.name}; save the model again`)
  return arrays
}

/** Arrays by the order of the topology: the manifest may list trainable ones first. */
function inLayerOrder(tensors: ReadonlyMap<string, NdArray>, layers: readonly FileLayer[]): Map<string, NdArray> {
  const rank = new Map(layers.map(({ name }, i) => [name, i]))
  const layerOf = (array: string): number => rank.get(array.slice(0, array.lastIndexOf('/'))) ?? layers.length
  return new Map([...tensors].sort(([a], [b]) => layerOf(a) - layerOf(b)))
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
