/**
 * Puts a network that `npm run lab -- run` has trained among those that come with the lab.
 *
 *   npx tsx scripts/ship-checkpoint.ts <id> <result folder> "<title>" "<machine and engine>"
 *
 * Writes public/checkpoints/<id>.safetensors, in half precision where the weights take more than a megabyte, and the
 * entry of public/checkpoints/index.json.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { experimentSchema } from '../src/contracts/experiment.ts'
import { sha256Hex } from '../workers/data/sha256.ts'
import { writeSafetensorsHalf } from '../workers/interop/half.ts'
import { readWeights } from '../workers/interop/read-weights.ts'
import { writeWeights } from '../workers/interop/write-weights.ts'
import { buildNetwork } from '../workers/networks/network.ts'
import { dataShape } from '../workers/session/sketch.ts'

/** Bytes of single precision above which halves are shipped. */
const LARGEST_SINGLE = 1024 * 1024

interface Entry {
  readonly id: string
}

async function ship(id: string, folder: string, title: string, machine: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as { experiment: unknown; trainingSeconds: number }
  const experiment = experimentSchema.parse(manifest.experiment)
  const { input, classes } = dataShape(experiment.dataset, { input: [1, 1, 1], classes: 2 })
  const network = buildNetwork(experiment.network, input, classes)
  const state = readWeights([{ name: 'weights.safetensors', bytes: await readFile(join(folder, 'weights.safetensors')) }], network, experiment.network)
  const isHalf = 4 * network.stateLength > LARGEST_SINGLE
  const bytes = isHalf ? writeSafetensorsHalf(network, state).bytes : writeWeights('safetensors', network, experiment.network, state).bytes
  const last = (await readFile(join(folder, 'metrics.csv'), 'utf8')).trim().split('\n').at(-1)?.split(',').map(Number) ?? []
  const [, epochs, trainAccuracy, testAccuracy] = last
  const file = `${id}.safetensors`
  const entry = {
    ...{ id, title, dataset: experiment.dataset.name, layers: experiment.network.layers, activation: experiment.network.activation },
    ...{ epochs, seconds: Math.round(manifest.trainingSeconds), machine, trainAccuracy, testAccuracy },
    ...{ precision: isHalf ? 'float16' : 'float32', bytes: bytes.length, file, sha256: sha256Hex(bytes) },
  }
  const target = 'public/checkpoints'
  await mkdir(target, { recursive: true })
  await writeFile(join(target, file), bytes)
  const known = await readFile(join(target, 'index.json'), 'utf8').then((text) => JSON.parse(text) as Entry[], () => [])
  const entries = [...known.filter((other) => other.id !== id), entry].sort((a, b) => (a.id < b.id ? -1 : 1))
  await writeFile(join(target, 'index.json'), `${JSON.stringify(entries, null, 2)}\n`)
  console.log(`${id}: ${epochs} epochs, ${Math.round(manifest.trainingSeconds)} s, test accuracy ${testAccuracy}, ${bytes.length} bytes (${entry.precision})`)
}

const [id, folder, title, machine] = process.argv.slice(2)
if (machine === undefined) throw new Error('ship-checkpoint: expected <id> <result folder> "<title>" "<machine and engine>"')
await ship(id, folder, title, machine)
