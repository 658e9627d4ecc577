import type { JSX } from 'react'
import { sortedSteps, withStep, type RateStep } from '../settings/schedule.ts'
import { ActionButton, IconButton } from '../ui/buttons.tsx'
import { NumberBox } from '../ui/number-box.tsx'

const MOST_STEPS = 12

export interface RateStepsProps {
  readonly steps: readonly RateStep[]
  readonly epochs: number
  readonly onChange: (steps: RateStep[]) => void
}

/** From which epoch on which rate holds. At least one step stays. */
export function RateSteps({ steps, epochs, onChange }: RateStepsProps): JSX.Element {
  const change = (at: number, fields: Partial<RateStep>): void => onChange(sortedSteps(steps.map((step, i) => (i === at ? { ...step, ...fields } : step))))
  return (
    <div className="rate-steps" role="group" aria-label="Learning rate in steps">
      {steps.map(({ epoch, learningRate }, i) => (
        <div className="rate-step" key={i}>
          <NumberBox label="From epoch" value={epoch} min={1} max={5000} integer onChange={(value) => change(i, { epoch: value })} />
          <NumberBox label="Learning rate η" value={learningRate} min={1e-10} max={100} scale="log" onChange={(value) => change(i, { learningRate: value })} />
          <IconButton icon="bin" label={`Remove the step at epoch ${epoch}`} isDisabled={steps.length === 1} onPress={() => onChange(steps.filter((_, at) => at !== i))} />
        </div>
      ))}
      {steps.length < MOST_STEPS && (
        <ActionButton icon="plus" onPress={() => onChange(withStep(steps, epochs))}>
          Add a step
        </ActionButton>
      )}
    </div>
  )
}
