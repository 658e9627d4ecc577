import { LabError, isLabErrorData } from '../../contracts/errors.ts'
import { experimentSchema, type DatasetName, type Experiment, type SettingChange } from '../../contracts/experiment.ts'
import { parseExperiment } from '../../contracts/parse-experiment.ts'
import type { DataPreview, LabResult, NetworkSketch } from '../../contracts/results.ts'
import type { EngineChoice, FileInput, FileOutput, InspectOptions, WeightsFormat } from '../../contracts/session.ts'
import { saveFile } from '../plot/index.ts'
import { editPart, type Edit } from '../settings/edits.ts'
import { takesChanges } from '../settings/mid-run.ts'
import { runsByItself } from './auto-run.ts'
import type { Lab } from './lab.ts'
import { lastAnalysisSeconds, playButton } from './transport.ts'

export type LabCommands = ReturnType<typeof labCommands>

/** Scrubbing analyses by itself when it takes less than this. */
const QUICK_ANALYSIS_SECONDS = 15

/** Events travel on another port than the answer of a call: the last ones may come a moment after it. */
const EVENTS_WITHIN_MS = 1000

/** Share of the samples set apart for testing where files have no test split. */
export const DEFAULT_TEST_SHARE = 0.2

/** What a file is meant to replace. */
export type FileRole = 'data' | 'weights'

/** Everything a person can ask for. Failures become notices; nothing here rejects. */
export function labCommands(lab: Lab) {
  const { store, actions, client, seeds, page } = lab

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    await asked(work)
  }

  /** What the lab answers; null when it could not, which a notice then says. */
  const asked = async <T>(question: () => Promise<T>): Promise<T | null> => {
    try {
      return await question()
    } catch (error) {
      tell(error)
      return null
    }
  }

  const tell = (error: unknown): void => {
    if (isLabErrorData(error) && error.code === 'cancelled') return
    const known = error instanceof LabError
    const message = error instanceof Error ? error.message : String(error)
    actions.addNotice({ level: 'error', message, remedy: known ? error.remedy : null })
  }

  const edit = (change: Edit): Promise<void> =>
    attempt(async () => {
      const next = change(store.getState().experiment)
      const parsed = experimentSchema.safeParse(next)
      if (!parsed.success) throw new LabError('bad-settings', parsed.error.issues[0].message, 'The setting was left as it was.')
      const onlyRepeats = sameButRepeats(store.getState().experiment, parsed.data)
      actions.setExperiment(parsed.data)
      // The session runs the main seed: how many follow is no reason to stop it.
      if (!onlyRepeats) await client.update(parsed.data)
    })

  const run = (): Promise<void> => together(() => client.runAll(), seeds.run('all'))

  /** The main seed, whose failure is told, beside the further ones, which tell theirs themselves. */
  const together = async (main: () => Promise<void>, further: Promise<void>): Promise<void> => {
    await Promise.all([attempt(main), further])
  }

  const open = (experiment: Experiment): Promise<void> =>
    attempt(async () => {
      dismissLinkNotices(lab)
      actions.openExperiment(experiment)
      await openAndRun()
    })

  const openAndRun = async (): Promise<void> => {
    const { experiment, engineChoice } = store.getState()
    await Promise.all([client.open(experiment, engineChoice), seeds.forget()])
    await estimatesArrived(lab)
    const state = store.getState()
    if (runsByItself(state)) await run()
    else if (state.stages.analyses.restored) await seeds.run('restore')
  }

  const save = async (file: Promise<FileOutput>): Promise<void> => {
    const { name, mime, bytes } = await file
    saveFile(new Blob([bytes.slice()], { type: mime }), name)
  }

  /** Reads a dropped file as what it is dropped on; an experiment file is recognised anywhere. */
  const importFile = (file: FileInput, role: FileRole): Promise<void> =>
    attempt(async () => {
      if (file.name.endsWith('.json')) return importExperiment(file)
      if (role === 'weights') return importWeights([file])
      await client.inspectData([file], { testShare: DEFAULT_TEST_SHARE })
      await client.adoptData()
    })

  /** Every seed begins at these weights. */
  const importWeights = async (files: readonly FileInput[]): Promise<void> => {
    await client.importWeights(files)
    await seeds.forget()
  }

  const importExperiment = async (file: FileInput): Promise<void> => {
    const parsed = parseExperiment(parseJson(file))
    if ('errors' in parsed) {
      throw new LabError('bad-settings', `${file.name}: ${parsed.errors.join('; ')}`, 'Save an experiment with “Export run” to see the form that is expected.')
    }
    await open(parsed.experiment)
  }

  return {
    attempt,
    edit,
    open,
    run,
    /** Opens what is in the store, and runs it when that is cheap. */
    start: () => attempt(openAndRun),
    play: (): Promise<void> => {
      const { action } = playButton(store.getState())
      if (action === 'run') return run()
      if (action === 'pause') return together(() => client.pause(), seeds.pause())
      return action === 'stop' ? together(() => client.cancel(), seeds.pause()) : Promise.resolve()
    },
    /** Pauses a training, stops anything else. */
    stop: (): Promise<void> => {
      const { busy, stages } = store.getState()
      if (!busy) return seeds.pause()
      return together(() => (stages.training.state === 'running' ? client.pause() : client.cancel()), seeds.pause())
    },
    train: () => together(() => client.train(), seeds.run('training')),
    step: () => attempt(() => client.step(page.getState().stepUnit)),
    reset: () => together(() => client.reset(), seeds.reset()),
    /** Looks at another checkpoint; analyses it at once when the last analysis was quick. */
    lookAt: (checkpoint: number | null): Promise<void> =>
      attempt(async () => {
        actions.setView({ checkpoint })
        const seconds = lastAnalysisSeconds(store.getState())
        if (seconds !== null && seconds < QUICK_ANALYSIS_SECONDS && !store.getState().busy) await client.analyse(checkpoint)
      }),
    /** Measures and analyses at the checkpoint that the view is set to. */
    analyseAgain: () => together(() => client.analyse(store.getState().experiment.view.checkpoint), seeds.run('all')),
    /** A setting that acts on a running or paused training; otherwise an ordinary edit. */
    change: (change: Omit<SettingChange, 'step'>): Promise<void> => {
      const { stages, training } = store.getState()
      return takesChanges(stages.training.state, training.update?.step ?? 0)
        ? attempt(() => client.change(change))
        : edit(editPart('training', definedFields(change)))
    },
    chooseEngine: (choice: EngineChoice): Promise<void> =>
      attempt(async () => {
        actions.setEngineChoice(choice)
        await client.chooseEngine(choice)
      }),
    importFile,
    importExperiment: (file: FileInput) => attempt(() => importExperiment(file)),
    /** Reads data files without using them yet; null when they cannot be read. */
    inspectData: (files: readonly FileInput[], options: InspectOptions): Promise<DataPreview | null> => asked(() => client.inspectData(files, options)),
    /** Uses the files inspected last. */
    adoptData: () => attempt(() => client.adoptData()),
    previewData: (): Promise<DataPreview | null> => asked(() => client.previewData()),
    /** Asks how much of a data set is stored, and takes that into the state's `downloads`. */
    askDownload: (name: DatasetName): Promise<void> =>
      attempt(async () => {
        const download = await client.downloadStatus(name)
        if (download !== null) actions.receive([{ type: 'download', download }])
      }),
    download: (name: DatasetName) => attempt(() => client.download(name)),
    cancelDownload: () => attempt(() => client.cancelDownload()),
    removeDownload: (name: DatasetName) => attempt(() => client.removeDownload(name)),
    sketchNetwork: (experiment: Experiment): Promise<NetworkSketch | null> => asked(() => client.sketchNetwork(experiment)),
    importWeights: (files: readonly FileInput[]) => attempt(() => importWeights(files)),
    exportWeights: (format: WeightsFormat) => attempt(() => save(client.exportWeights(format))),
    exportRun: () => attempt(() => save(client.exportRun())),
    exportResult: (kind: LabResult['kind'], overlap: string | null) => attempt(() => save(client.exportResult(kind, overlap))),
  }
}

/** What was said about a link is of no use for another experiment. */
function dismissLinkNotices({ store, actions }: Lab): void {
  for (const { id, source } of store.getState().notices) if (source === 'link') actions.dismissNotice(id)
}

/** Waits, not for ever, until the costs of the opened experiment are known. */
async function estimatesArrived({ store, flush }: Lab): Promise<void> {
  const known = (): boolean => {
    flush()
    const { estimates, busy } = store.getState()
    return estimates.length > 0 && !busy
  }
  const deadline = performance.now() + EVENTS_WITHIN_MS
  while (!known() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
}

function sameButRepeats(a: Experiment, b: Experiment): boolean {
  const alike = ({ seeds, ...rest }: Experiment): string => JSON.stringify({ ...rest, seeds: { ...seeds, repeats: 1 } })
  return a.seeds.repeats !== b.seeds.repeats && alike(a) === alike(b)
}

function parseJson(file: FileInput): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(file.bytes))
  } catch (cause) {
    throw new LabError('bad-settings', `${file.name} is not JSON.`, 'Drop an experiment file as “Export run” writes it.', { cause })
  }
}

function definedFields(change: Omit<SettingChange, 'step'>): Partial<Experiment['training']> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}
