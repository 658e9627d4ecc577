import type { JSX } from 'react'
import { useLab, useLabShallow } from '../../state/use-lab.ts'
import { formatCount } from '../format/number.ts'
import { classCount, inputCount } from '../lab/shape.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editPart } from '../settings/edits.ts'
import { tensorShapes } from '../settings/parameters.ts'
import { Choice } from '../ui/choice.tsx'
import { FileDrop } from './file-drop.tsx'
import { SeedBox } from './seed-box.tsx'
import { WidthsBox } from './widths-box.tsx'

const INITIALISERS = [
  { value: 'glorotUniform', label: 'Glorot uniform' },
  { value: 'glorotNormal', label: 'Glorot normal, truncated' },
] as const

export function NetworkSettings(): JSX.Element {
  const commands = useCommands()
  const initialiser = useLab((state) => state.experiment.network.initialiser)
  return (
    <>
      <WidthsBox />
      <LayerTable />
      <Choice label="Initial weights" value={initialiser} options={INITIALISERS} onChange={(value) => void commands.edit(editPart('network', { initialiser: value }))} />
      <SeedBox field="initialisation" label="Seed of the initial weights" />
      <FileDrop role="weights" label="Own weights" accepts={['.npz', '.safetensors']} hint="Kernels [in, out] and biases in order, as .npz or .safetensors; their sizes must fit the widths above." />
    </>
  )
}

function LayerTable(): JSX.Element {
  const network = useLab((state) => state.experiment.network)
  const [inputs, classes] = useLabShallow((state) => [inputCount(state), classCount(state)] as const)
  const kernels = tensorShapes(network, inputs, classes).filter((tensor) => tensor.part === 'kernel')
  return (
    <table className="data-table compact">
      <thead>
        <tr>
          <th scope="col">Layer</th>
          <th scope="col">Kernel</th>
          <th scope="col">Parameters</th>
        </tr>
      </thead>
      <tbody>
        {kernels.map(({ layer, shape, size }) => (
          <tr key={layer}>
            <th scope="row">dense {layer}</th>
            <td>{shape.join(' × ')}</td>
            <td>{formatCount(size + shape[1])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
