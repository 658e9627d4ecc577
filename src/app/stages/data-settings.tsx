import type { JSX } from 'react'
import { useLab } from '../../state/use-lab.ts'
import { formatCount } from '../format/number.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editPart } from '../settings/edits.ts'
import { ActionButton } from '../ui/buttons.tsx'
import { NumberBox } from '../ui/number-box.tsx'
import { FileDrop } from './file-drop.tsx'

export function DataSettings(): JSX.Element {
  const commands = useCommands()
  const dataset = useLab((state) => state.experiment.dataset)
  const data = useLab((state) => state.data)
  return (
    <>
      <div className="pair">
        <NumberBox label="Training images" value={dataset.trainSamples} min={1} max={60000} integer onChange={(trainSamples) => void commands.edit(editPart('dataset', { trainSamples }))} />
        <NumberBox label="Test images" value={dataset.testSamples} min={1} max={10000} integer onChange={(testSamples) => void commands.edit(editPart('dataset', { testSamples }))} />
      </div>
      {data !== null && (
        <p className="hint">
          {data.name === 'mnist' ? 'MNIST' : data.name}: {data.shape.join(' × ')} values, {data.classes} classes, {formatCount(data.trainSamples)} + {formatCount(data.testSamples)} images in use. Every image has mean 0 and variance 1. {data.notes.join(' ')}
        </p>
      )}
      <FileDrop
        role="data"
        label="Own data"
        accepts={['.npz', '.json']}
        hint="A .npz with x (images, any size) and y (class numbers); or an experiment saved as .json."
      />
      {dataset.name === 'own' && <ActionButton onPress={() => void commands.edit(editPart('dataset', { name: 'mnist' }))}>Back to MNIST</ActionButton>}
    </>
  )
}
