import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { unzipSync } from 'fflate'
import type { Experiment } from '../../src/contracts/experiment.ts'
import { parseExperiment } from '../../src/contracts/parse-experiment.ts'
import { findPreset, presets } from '../../src/contracts/presets.ts'
import type { FileInput, LabSession } from '../../src/contracts/session.ts'
import type { SessionEnvironment } from '../session/environment.ts'
import { createSession } from '../session/session.ts'
import { USAGE, type Command } from './arguments.ts'
import { createReporter } from './report.ts'

type RunCommand = Extract<Command, { name: 'run' }>

/** Does what the command line asks for, printing line by line. Throws errors whose message a person can act on. */
export async function execute(command: Command, print: (line: string) => void, environment: () => SessionEnvironment): Promise<void> {
  switch (command.name) {
    case 'help':
      print(USAGE)
      return
    case 'presets':
      for (const { id, title, summary } of presets) print(`${id.padEnd(14)} ${title}. ${summary}`)
      return
    case 'run':
      await run(command, print, environment())
  }
}

/** A run that fails once it has begun leaves what it has reached in the folder, and fails all the same. */
async function run(command: RunCommand, print: (line: string) => void, environment: SessionEnvironment): Promise<void> {
  const experiment = await readExperiment(command.experiment)
  const data = command.data === null ? null : await readInput(command.data)
  const weights = command.weights === null ? null : await readInput(command.weights)
  const session = createSession(environment)
  await session.connect(createReporter(print))
  try {
    const opening = session.open(experiment, { engine: command.engine, dataUrl: '' })
    await (data === null ? opening : opening.catch(() => undefined))
    if (data !== null) {
      await session.inspectData([data], { testShare: 0 })
      await session.adoptData()
    }
    if (weights !== null) await session.importWeights([weights])
    try {
      await session.runAll()
    } finally {
      await writeResults(session, command.out, print)
    }
  } finally {
    await session.dispose()
  }
}

async function writeResults(session: LabSession, folder: string, print: (line: string) => void): Promise<void> {
  const { bytes } = await session.exportRun()
  await mkdir(folder, { recursive: true })
  const files = Object.entries(unzipSync(bytes))
  for (const [name, content] of files) await writeFile(join(folder, name), content)
  print(`Results are in ${folder}: ${files.map(([name]) => name).join(', ')}.`)
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
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new Error(`"${path}" cannot be read`, { cause })
  })
  return { name: basename(path), bytes: new Uint8Array(bytes) }
}
