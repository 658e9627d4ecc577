import type { JSX } from 'react'
import type { Stage } from '../../contracts/session.ts'
import { useLab } from '../../state/use-lab.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { ActionButton } from '../ui/buttons.tsx'
import { costLine, runWords } from './stage-words.ts'

interface StageProps {
  readonly stage: Stage
}

/** The button that runs a stage, with its cost before it is paid. Data and network load by themselves. */
export function StageAction({ stage }: StageProps): JSX.Element | null {
  const commands = useCommands()
  const state = useLab(({ stages }) => stages[stage].state)
  const label = useLab((lab) => runWords(stage, state, lab.experiment, lab.estimates.find((estimate) => estimate.stage === stage) ?? null))
  const free = useLab((lab) => lab.connection === 'ready' && !lab.busy)
  const trained = useLab((lab) => lab.stages.training.state === 'done')
  if (label === '') return null
  if (state === 'running') return <StopButton stage={stage} />
  if (state === 'done') return null
  // A measurement starts from trained weights, and its analyses follow it; one button is enough for both.
  if (stage === 'measurement' || (stage === 'analyses' && (!trained || !free))) return <CostText stage={stage} withTime />
  const press = stage === 'training' ? commands.train : commands.analyseAgain
  return (
    <div className="stage-action">
      <ActionButton onPress={() => void press()} isDisabled={!free} testId={`run-${stage}`}>
        {label}
      </ActionButton>
      <CostText stage={stage} withTime={false} />
    </div>
  )
}

function StopButton({ stage }: StageProps): JSX.Element {
  const commands = useCommands()
  return (
    <div className="stage-action">
      <ActionButton onPress={() => void commands.stop()} icon="pause" testId={`stop-${stage}`}>
        {stage === 'training' ? 'Pause training' : 'Stop, keep what is there'}
      </ActionButton>
    </div>
  )
}

interface CostProps extends StageProps {
  readonly withTime: boolean
}

function CostText({ stage, withTime }: CostProps): JSX.Element | null {
  const text = useLab(({ estimates }) => {
    const estimate = estimates.find((candidate) => candidate.stage === stage)
    return estimate === undefined ? null : costLine(estimate, withTime)
  })
  return text === null ? null : <p className="stage-cost">{text}</p>
}
