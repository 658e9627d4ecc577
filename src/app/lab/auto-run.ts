import { findPreset } from '../../contracts/presets.ts'
import type { LabState } from '../../state/lab-state.ts'
import { differences } from '../format/differences.ts'
import { roundsOf } from './further-seeds.ts'
import { secondsOf, stagesLeft } from './transport.ts'

/** Runs without being asked when it takes less than this. */
const SMALL_SECONDS = 15
/** A preset made to run on opening still does not on a machine that would need longer than this. */
const PATIENCE_SECONDS = 120

/** May an experiment that was just opened run by itself? Never when something was restored from storage. */
export function runsByItself(state: LabState): boolean {
  const { experiment, stages } = state
  const touched = Object.values(stages).some((stage) => stage.restored || stage.state === 'failed')
  if (touched || stages.training.state !== 'idle') return false
  const seconds = secondsOf(state, stagesLeft(state))
  if (seconds === null) return false
  const allSeeds = seconds * roundsOf(experiment.seeds.repeats)
  const preset = findPreset(experiment.preset)
  const asPreset = preset !== null && preset.runsOnOpen && differences(experiment, preset.experiment).length === 0
  return allSeeds < (asPreset ? PATIENCE_SECONDS : SMALL_SECONDS)
}
