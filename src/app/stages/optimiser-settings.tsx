import type { JSX } from 'react'
import type { TrainingSettings } from '../../contracts/experiment.ts'
import { useLab } from '../../state/use-lab.ts'
import { OPTIMISER_TITLES, optionsOf } from '../format/names.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editPart } from '../settings/edits.ts'
import { decaySentence, editOptimiser, OPTIMISERS } from '../settings/optimisers.ts'
import { Choice } from '../ui/choice.tsx'
import { NumberBox } from '../ui/number-box.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Toggle } from '../ui/toggle.tsx'

const DECAYED = [
  { value: 'kernels', label: 'all kernels' },
  { value: 'dense', label: 'dense kernels' },
] as const

function useTraining(): readonly [TrainingSettings, (fields: Partial<TrainingSettings>) => void] {
  const commands = useCommands()
  const training = useLab((state) => state.experiment.training)
  return [training, (fields) => void commands.edit(editPart('training', fields))]
}

/** The update rule with the settings that it reads, and what weight decay means for it. */
export function OptimiserSettings(): JSX.Element {
  const commands = useCommands()
  const [training, set] = useTraining()
  const { optimiser, momentum, secondMomentum, epsilon } = training
  const traits = OPTIMISERS[optimiser]
  return (
    <>
      <Choice label="Update rule" value={optimiser} options={optionsOf(OPTIMISER_TITLES)} onChange={(next) => void commands.edit(editOptimiser(next))} testId="optimiser-choice" />
      <div className="pair">
        <NumberBox label={traits.momentum} value={momentum} min={0} max={0.9999} scale="log" onChange={(value) => set({ momentum: value })} />
        {traits.secondMomentum !== null && (
          <NumberBox label={traits.secondMomentum} value={secondMomentum} min={0} max={0.999999} scale="log" onChange={(value) => set({ secondMomentum: value })} />
        )}
        {traits.usesEpsilon && <NumberBox label="ε in the denominator" value={epsilon} min={1e-16} max={1} scale="log" onChange={(value) => set({ epsilon: value })} />}
      </div>
    </>
  )
}

/** What weight decay does, which kernels it acts on, and the longest gradient. */
export function ClipSettings(): JSX.Element {
  const [training, set] = useTraining()
  const { decayed, clipNorm, weightDecay } = training
  return (
    <>
      <p className="hint">{decaySentence(training)}</p>
      {weightDecay > 0 && <Segmented label="Weight decay acts on" value={decayed} options={DECAYED} onChange={(value) => set({ decayed: value })} />}
      <Toggle label="Shorten long gradients" isOn={clipNorm !== null} onChange={(isOn) => set({ clipNorm: isOn ? 1 : null })} />
      {clipNorm !== null && <NumberBox label="Longest gradient of a batch" value={clipNorm} min={1e-6} max={1e6} scale="log" onChange={(value) => set({ clipNorm: value })} />}
    </>
  )
}
