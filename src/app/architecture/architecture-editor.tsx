import { useMemo, useState, type JSX } from 'react'
import type { NetworkSettings } from '../../contracts/experiment.ts'
import type { NetworkSketch } from '../../contracts/results.ts'
import { useLab } from '../../state/use-lab.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { draftOf, insertLayer, layersText, MOST_LAYERS, networkOf, newLayer, withLayers, type Draft } from '../settings/architecture.ts'
import { channelsOf, sampleShape } from '../settings/data.ts'
import { editNetwork } from '../settings/edits.ts'
import { startPoints } from '../settings/start-points.ts'
import { ActionButton } from '../ui/buttons.tsx'
import { MenuButton } from '../ui/menu-button.tsx'
import { ModalDialog } from '../ui/modal-dialog.tsx'
import type { Asked } from '../ui/use-latest.ts'
import { AddLayer } from './add-layer.tsx'
import { LayerList } from './layer-list.tsx'
import { LayersBox } from './layers-box.tsx'
import { NetworkChoices } from './network-choices.tsx'
import { costWarning, totalLine } from './sketch-words.ts'
import { useSketch } from './use-sketch.ts'
import './architecture.css'

const START_OPTIONS = startPoints.map(({ id, title, note }) => ({ value: id, label: title, note }))

/** Arranges a network layer by layer. The experiment changes only when it is built. */
export default function ArchitectureEditor({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const commands = useCommands()
  const network = useLab((state) => state.experiment.network)
  const channels = useLab((state) => channelsOf(sampleShape(state.experiment.dataset.name, state.data)))
  const [draft, setDraft] = useState(() => draftOf(network))
  const [isDragging, setDragging] = useState(false)
  const drawn = useMemo(() => networkOf(draft), [draft])
  const asked = useSketch(drawn)
  const isChanged = !sameNetwork(drawn, network)
  const build = (): void => {
    onClose()
    void commands.edit(editNetwork(drawn, channels))
  }
  return (
    <ModalDialog title="Architecture" isOpen isWide staysOpen={isChanged || isDragging} onClose={onClose} testId="architecture-editor">
      <EditorHead draft={draft} onChange={setDraft} />
      <LayersBox layers={drawn.layers} onChange={(layers) => setDraft(withLayers(draft, layers))} />
      <LayerList draft={draft} sketch={asked.answer} onChange={setDraft} onDragging={setDragging} />
      <AddLayer
        label={`Add a layer${draft.rows.length >= MOST_LAYERS ? `: ${MOST_LAYERS} is the most` : ''}`}
        isDisabled={draft.rows.length >= MOST_LAYERS}
        onAdd={(kind) => setDraft(insertLayer(draft, draft.rows.length, newLayer(kind)))}
        testId="add-layer"
      />
      <footer className="editor-foot">
        <SketchTotal asked={asked} />
        <div className="button-row">
          <ActionButton look="primary" isDisabled={!isChanged || !asked.isCurrent || asked.answer?.problem !== null} onPress={build} testId="apply-architecture">
            Build this network
          </ActionButton>
          {isChanged ? (
            <ActionButton icon="undo" onPress={() => setDraft(draftOf(network))}>
              Undo all changes
            </ActionButton>
          ) : (
            <span className="hint">This is the network of the experiment.</span>
          )}
        </div>
      </footer>
    </ModalDialog>
  )
}

interface DraftProps {
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
}

function EditorHead({ draft, onChange }: DraftProps): JSX.Element {
  const start = (id: string): void => {
    const point = startPoints.find((candidate) => candidate.id === id)
    if (point !== undefined) onChange({ ...withLayers(draft, point.network.layers), activation: point.network.activation, initialiser: point.network.initialiser })
  }
  return (
    <div className="editor-head">
      <MenuButton label="Start from a network of Table 5.1" options={START_OPTIONS} onChoose={start} testId="start-architecture" />
      <NetworkChoices network={draft} onChange={(fields) => onChange({ ...draft, ...fields })} />
    </div>
  )
}

/** Size and cost of the draft, or why it cannot be built. */
function SketchTotal({ asked: { answer, failure, isCurrent } }: { readonly asked: Asked<NetworkSketch> }): JSX.Element {
  if (failure !== null) return <p className="problem">The network could not be looked at: {failure}</p>
  if (answer === null) return <p className="hint">Shapes and costs follow.</p>
  const { problem } = answer
  const warning = costWarning(answer)
  return (
    <div className={isCurrent ? 'sketch-total' : 'sketch-total pending'} role="status" data-testid="sketch-total">
      {problem === null ? (
        <p>{totalLine(answer)}</p>
      ) : (
        <p className="problem">
          {problem.error.message} {problem.error.remedy}
        </p>
      )}
      {problem === null && warning !== null && <p className="warn">{warning}</p>}
    </div>
  )
}

function sameNetwork(a: NetworkSettings, b: NetworkSettings): boolean {
  return layersText(a.layers) === layersText(b.layers) && a.activation === b.activation && a.initialiser === b.initialiser
}
