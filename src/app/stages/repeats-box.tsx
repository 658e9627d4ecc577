import type { JSX } from 'react'
import { useLab } from '../../state/use-lab.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editPart } from '../settings/edits.ts'
import { NumberBox } from '../ui/number-box.tsx'

/** How many times the experiment runs, each time with other seeds. */
export function RepeatsBox(): JSX.Element {
  const commands = useCommands()
  const repeats = useLab((state) => state.experiment.seeds.repeats)
  return (
    <NumberBox
      label="Runs side by side"
      value={repeats}
      min={1}
      max={16}
      integer
      hint={repeats === 1 ? 'One run. More show how far a result depends on the seed.' : `Run with ${repeats} seeds side by side: run r raises every seed by r, curves show mean and spread.`}
      onChange={(value) => void commands.edit(editPart('seeds', { repeats: value }))}
      testId="repeats"
    />
  )
}
