import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { unzipSync } from 'fflate'
import { isLabErrorData } from '../../src/contracts/errors.ts'
import type { Experiment } from '../../src/contracts/experiment.ts'
import { findPreset, presets } from '../../src/contracts/presets.ts'
import { parseExperiment } from '../../src/contracts/parse-experiment.ts'
import type { FileInput } from '../../src/contracts/session.ts'
import { createSession } from '../session/session.ts'
import { parseCommand, USAGE, type Command } from './arguments.ts'
import { nodeEnvironment } from './node-environment.ts'
import { createReporter } from './report.ts'

try {
  await execute(parseCommand(process.argv.slice(2)))
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  console.error(isLabErrorData(error) ? `${message}\n${error.remedy}` : `${message}\nTry: npm run lab -- help`)
  process.exitCode = 1
}

async function execute(command: Command): Promise<void> {
  switch (command.name) {
    case 'help':
      console.log(USAGE)
      return
    case 'presets':
      for (const { id, title, summary } of presets) console.log(`${id.padEnd(14)} ${title}. ${summary}`)
      return
    case 'run':
      await run(command)
  }
}

async function run(command: Extract<Command, { name: 'run' }>): Promise<void> {
  const experiment = await readExperiment(command.experiment)
  const session = createSession(nodeEnvironment())
  await session.connect(createReporter((line) => console.log(line)))
  try {
    await session.open(experiment, { engine: command.engine, dataUrl: '' })
    if (command.data !== null) await session.importData(await readInput(command.data))
    if (command.weights !== null) await session.importWeights(await readInput(command.weights))
    await session.runAll()
    await mkdir(command.out, { recursive: true })
    const { bytes } = await session.exportRun()
    for (const [name, content] of Object.entries(unzipSync(bytes))) await writeFile(join(command.out, name), content)
    console.log(`Results are in ${command.out}: manifest.json, weights.safetensors, arrays.npz, metrics.csv.`)
  } finally {
    await session.dispose()
  }
}

async function readExperiment(source: string): Promise<Experiment> {
  const preset = findPreset(source)
  if (preset !== null) return preset.experiment
  const text = await readFile(source, 'utf8').catch(() => {
    throw new Error(`"${source}" is neither a preset (${presets.map(({ id }) => id).join(', ')}) nor a file that can be read`)
  })
  const parsed = parseExperiment(parseJson(text, source))
  if ('errors' in parsed) throw new Error(`${source}: ${parsed.errors.join('; ')}`)
  return parsed.experiment
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`${source} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

async function readInput(path: string): Promise<FileInput> {
  return { name: basename(path), bytes: new Uint8Array(await readFile(path)) }
}
