import { LabError } from '../../contracts/errors.ts'
import type { DatasetName, Experiment } from '../../contracts/experiment.ts'
import { parseExperiment } from '../../contracts/parse-experiment.ts'
import type { LabResult } from '../../contracts/results.ts'
import type { FileInput, FileOutput, WeightsFormat } from '../../contracts/session.ts'
import { saveFile } from '../plot/index.ts'
import type { Attempt } from './attempts.ts'
import type { Lab } from './lab.ts'

/** Commands that bring files in or out, and data sets into this browser. */
export function fileCommands({ actions, client, seeds }: Lab, attempt: Attempt, open: (experiment: Experiment) => Promise<void>) {
  const save = async (file: Promise<FileOutput>): Promise<void> => {
    const { name, mime, bytes } = await file
    saveFile(new Blob([bytes.slice()], { type: mime }), name)
  }

  return {
    importExperiment: (file: FileInput) => attempt(() => open(experimentOf(file))),
    /** Uses the files inspected last. */
    adoptData: () => attempt(() => client.adoptData()),
    /** Every seed begins at these weights. */
    importWeights: (files: readonly FileInput[]): Promise<void> =>
      attempt(async () => {
        await client.importWeights(files)
        await seeds.forget()
      }),
    /** Asks how much of a data set is stored, and takes that into the state's `downloads`. */
    askDownload: (name: DatasetName): Promise<void> =>
      attempt(async () => {
        const download = await client.downloadStatus(name)
        if (download !== null) actions.receive([{ type: 'download', download }])
      }),
    download: (name: DatasetName) => attempt(() => client.download(name)),
    cancelDownload: () => attempt(() => client.cancelDownload()),
    removeDownload: (name: DatasetName) => attempt(() => client.removeDownload(name)),
    exportWeights: (format: WeightsFormat) => attempt(() => save(client.exportWeights(format))),
    exportRun: () => attempt(() => save(client.exportRun())),
    exportResult: (kind: LabResult['kind'], overlap: string | null) => attempt(() => save(client.exportResult(kind, overlap))),
  }
}

function experimentOf(file: FileInput): Experiment {
  const parsed = parseExperiment(parseJson(file))
  if ('experiment' in parsed) return parsed.experiment
  throw new LabError('bad-settings', `${file.name}: ${parsed.errors.join('; ')}`, 'Save an experiment with “Export run” to see the form that is expected.')
}

function parseJson(file: FileInput): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(file.bytes))
  } catch (cause) {
    throw new LabError('bad-settings', `${file.name} is not JSON.`, 'Drop an experiment file as “Export run” writes it.', { cause })
  }
}
