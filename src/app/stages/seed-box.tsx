import type { JSX } from 'react'
import type { Seeds } from '../../contracts/experiment.ts'
import { useLab } from '../../state/use-lab.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editPart } from '../settings/edits.ts'
import { newSeed } from '../settings/seeds.ts'
import { IconButton } from '../ui/buttons.tsx'
import { NumberBox } from '../ui/number-box.tsx'

export interface SeedBoxProps {
  readonly field: Exclude<keyof Seeds, 'repeats'>
  readonly label: string
}

/** A seed: the same seed repeats the same run. */
export function SeedBox({ field, label }: SeedBoxProps): JSX.Element {
  const commands = useCommands()
  const seed = useLab((state) => state.experiment.seeds[field])
  const change = (value: number): void => void commands.edit(editPart('seeds', { [field]: value }))
  return (
    <div className="with-button">
      <NumberBox label={label} value={seed} min={0} max={4294967295} integer onChange={change} />
      <IconButton icon="dice" label={`New seed: ${label.toLowerCase()}`} className="plain" onPress={() => change(newSeed())} />
    </div>
  )
}
