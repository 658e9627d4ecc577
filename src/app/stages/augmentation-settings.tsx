import type { JSX } from 'react'
import { useLab } from '../../state/use-lab.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { sampleShape } from '../settings/data.ts'
import { editPart } from '../settings/edits.ts'
import { NumberBox } from '../ui/number-box.tsx'
import { Toggle } from '../ui/toggle.tsx'

/** What is done to every training image anew in every epoch. */
export function AugmentationSettings(): JSX.Element {
  const commands = useCommands()
  const augmentation = useLab((state) => state.experiment.training.augmentation)
  const isImage = useLab((state) => sampleShape(state.experiment.dataset.name, state.data)[0] > 1)
  const set = (fields: Partial<typeof augmentation>): void => void commands.edit(editPart('training', { augmentation: { ...augmentation, ...fields } }))
  if (!isImage && augmentation.crop === 0 && !augmentation.flip) return <p className="hint">Only images can be shifted and mirrored.</p>
  return (
    <>
      <NumberBox
        label="Shift by up to, pixels"
        value={augmentation.crop}
        min={0}
        max={8}
        integer
        hint="Each way, new in every epoch; zeros move in. 0 for none."
        onChange={(crop) => set({ crop })}
      />
      <Toggle label="Mirror half of the images" isOn={augmentation.flip} onChange={(flip) => set({ flip })} />
    </>
  )
}
