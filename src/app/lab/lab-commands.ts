import { LabError } from '../../contracts/errors.ts'
import { experimentSchema, type Experiment, type SettingChange } from '../../contracts/experiment.ts'
import type { EngineChoice } from '../../contracts/session.ts'
import { editPart, type Edit } from '../settings/edits.ts'
import { takesChanges } from '../settings/mid-run.ts'
import { attempts } from './attempts.ts'
import { runsByItself } from './auto-run.ts'
import { fileCommands } from './file-commands.ts'
import type { Lab } from './lab.ts'
import { lastAnalysisSeconds, playButton } from './transport.ts'

export type LabCommands = ReturnType<typeof labCommands>

/** Scrubbing analyses by itself when it takes less than this. */
const QUICK_ANALYSIS_SECONDS = 15

/** Events travel on another port than the answer of a call: the last ones may come a moment after it. */
const EVENTS_WITHIN_MS = 1000

/** Share of the samples set apart for testing where files have no test split. */
export const DEFAULT_TEST_SHARE = 0.2

/** Everything a person can ask for. Failures become notices; nothing here rejects. */
export function labCommands(lab: Lab) {
  const { store, actions, client, seeds, page } = lab
  const attempt = attempts(lab)

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

  return {
    ...fileCommands(lab, attempt, open),
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
    /** Compares a result with what is independent of it. */
    check: (analysis: number) => attempt(() => client.check(analysis)),
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

function definedFields(change: Omit<SettingChange, 'step'>): Partial<Experiment['training']> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}
