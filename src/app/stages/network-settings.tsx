import { lazy, Suspense, useState, type JSX } from 'react'
import { LayerTable } from '../architecture/layer-table.tsx'
import { NetworkChoices } from '../architecture/network-choices.tsx'
import { useLab } from '../../state/use-lab.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { channelsOf, sampleShape } from '../settings/data.ts'
import { editNetwork } from '../settings/edits.ts'
import { ActionButton } from '../ui/buttons.tsx'
import { SeedBox } from './seed-box.tsx'
import { WeightsSettings } from './weights-settings.tsx'

const ArchitectureEditor = lazy(() => import('../architecture/architecture-editor.tsx'))

export function NetworkSettings(): JSX.Element {
  const commands = useCommands()
  const network = useLab((state) => state.experiment.network)
  const channels = useLab((state) => channelsOf(sampleShape(state.experiment.dataset.name, state.data)))
  const [isEditing, setEditing] = useState(false)
  return (
    <>
      <LayerTable network={network} />
      <ActionButton icon="settings" onPress={() => setEditing(true)} testId="edit-architecture">
        Change the architecture
      </ActionButton>
      {isEditing && (
        <Suspense fallback={<p className="hint">The editor is loading.</p>}>
          <ArchitectureEditor onClose={() => setEditing(false)} />
        </Suspense>
      )}
      <NetworkChoices network={network} onChange={(fields) => void commands.edit(editNetwork({ ...network, ...fields }, channels))} />
      <SeedBox field="initialisation" label="Seed of the initial weights" />
      <WeightsSettings />
    </>
  )
}
