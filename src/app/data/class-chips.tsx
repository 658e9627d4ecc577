import { useState, type JSX } from 'react'
import { Label, ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { useLab } from '../../state/use-lab.ts'
import { className } from '../format/names.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { allClasses, classFilter, editClasses } from '../settings/data.ts'
import { ActionButton } from '../ui/buttons.tsx'

/** More classes than these are not shown one by one. */
const MOST_CHIPS = 40

/** The classes of the data set; only those that are on are used. At least two stay on. */
export function ClassChips(): JSX.Element | null {
  const commands = useCommands()
  const dataset = useLab((state) => state.experiment.dataset)
  const data = useLab((state) => state.data)
  const [refused, setRefused] = useState(false)
  const all = allClasses(dataset, data)
  if (all.length < 3 || all.length > MOST_CHIPS) return null
  const choose = (keys: Iterable<unknown>): void => {
    const classes = classFilter([...keys].map(Number), all)
    setRefused(classes === undefined)
    if (classes !== undefined) void commands.edit(editClasses(classes))
  }
  return (
    <div className="class-chips">
      <ToggleButtonGroup aria-label="Classes in use" className="chips" selectionMode="multiple" selectedKeys={(dataset.classes ?? all).map(String)} onSelectionChange={choose}>
        <Label className="hint">Classes</Label>
        {all.map((label) => (
          <ToggleButton key={label} id={String(label)} className="chip class-chip">
            {className(dataset.name, label)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      {dataset.classes !== null && <ActionButton onPress={() => choose(all)}>All {all.length} classes</ActionButton>}
      {refused && (
        <p className="problem" role="alert">
          At least two classes stay: there must be something to tell apart.
        </p>
      )}
    </div>
  )
}
