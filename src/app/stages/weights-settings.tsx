import type { JSX } from 'react'
import type { FileInput, WeightsFormat } from '../../contracts/session.ts'
import { useLab } from '../../state/use-lab.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { FileDrop } from '../ui/file-drop.tsx'
import { MenuButton, type MenuOption } from '../ui/menu-button.tsx'

const FORMATS: readonly MenuOption<WeightsFormat>[] = [
  { value: 'npz', label: 'NumPy .npz', note: 'One array per parameter, dense_1/kernel, in TensorFlow’s shapes' },
  { value: 'safetensors', label: 'safetensors', note: 'The same arrays, readable without running any code' },
  { value: 'keras', label: 'Keras .npz', note: 'Names and order of a Keras model, for set_weights' },
  { value: 'tfjs', label: 'TensorFlow.js .zip', note: 'model.json and weights.bin of a layers model' },
  { value: 'pytorch', label: 'PyTorch .zip', note: 'Weights, samples and a script that repeats the Hessian analysis' },
]

/** A TensorFlow.js model has this name; any other .json is an experiment. */
const TFJS_MODEL = 'model.json'

/** The user's own weights in, the network's weights out. */
export function WeightsSettings(): JSX.Element {
  const commands = useCommands()
  const isBuilt = useLab((state) => state.stages.network.state === 'done')
  const take = (files: readonly FileInput[]): void => {
    const [first] = files
    const isExperiment = files.length === 1 && first.name.endsWith('.json') && first.name !== TFJS_MODEL
    void (isExperiment ? commands.importExperiment(first) : commands.importWeights(files))
  }
  return (
    <>
      <FileDrop
        label="Own weights"
        accepts={['.npz', '.safetensors', '.json', '.bin', '.zip']}
        hint="A .npz or .safetensors, or a TensorFlow.js model.json with its .bin files, also zipped. Shapes must fit the layers above; training starts from these weights."
        onFiles={take}
      />
      <MenuButton label="Export the weights" icon="download" options={FORMATS} onChoose={(format) => void commands.exportWeights(format)} isDisabled={!isBuilt} testId="export-weights" />
    </>
  )
}
