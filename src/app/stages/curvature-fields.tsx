import type { JSX } from 'react'
import type { CurvatureSettings } from '../../contracts/experiment.ts'
import { useLab } from '../../state/use-lab.ts'
import { formatCount } from '../format/number.ts'
import { hasBatchNorm } from '../settings/parameters.ts'
import { Choice } from '../ui/choice.tsx'
import { NumberBox } from '../ui/number-box.tsx'
import { Toggle } from '../ui/toggle.tsx'
import { SelectionChoice } from './selection-choice.tsx'

export interface CurvatureFieldsProps {
  readonly settings: CurvatureSettings
  readonly onChange: (fields: Partial<CurvatureSettings>) => void
}

const MATRICES = [
  { value: 'hessian', label: 'Hessian', note: 'Second derivatives of the loss' },
  { value: 'gaussNewton', label: 'Gauss–Newton', note: 'Without the curvature of the network itself: never negative' },
  { value: 'fisher', label: 'Fisher', note: 'Labels drawn from the network’s own predictions; equals Gauss–Newton here' },
  { value: 'empiricalFisher', label: 'empirical Fisher', note: 'Squares of the gradients of single samples' },
] as const

const STATISTICS = [
  { value: 'inference', label: 'gathered in training', note: 'The network as it is used: every sample by itself' },
  { value: 'training', label: 'of the samples themselves', note: 'The network as it is trained: the samples depend on each other' },
] as const

const PARTS = [
  { value: 'first', label: 'the start' },
  { value: 'class', label: 'one class' },
  { value: 'batch', label: 'one batch' },
] as const

/** Which matrix, of which weights, over which samples: what every analysis of curvature asks. */
export function CurvatureFields({ settings, onChange }: CurvatureFieldsProps): JSX.Element {
  const network = useLab((state) => state.experiment.network)
  const inUse = useLab((state) => state.experiment.dataset.trainSamples)
  const decays = useLab((state) => state.experiment.training.weightDecay > 0)
  return (
    <>
      <Choice label="Matrix" value={settings.matrix} options={MATRICES} onChange={(matrix) => onChange({ matrix })} />
      <SelectionChoice label="Weights" value={settings.selection} onChange={(selection) => onChange({ selection })} />
      {(decays || !settings.decayTerm) && <Toggle label="With the term 2λ of weight decay" isOn={settings.decayTerm} onChange={(decayTerm) => onChange({ decayTerm })} />}
      <div className="pair">
        <NumberBox label="Samples" value={settings.samples} min={1} max={60000} integer onChange={(samples) => onChange({ samples })} />
        <PartChoice part={settings.part} onChange={(part) => onChange({ part })} />
      </div>
      {settings.samples > inUse && <p className="warn">Only the {formatCount(inUse)} training samples in use are taken.</p>}
      {hasBatchNorm(network.layers) && (
        <Choice label="Statistics of batch norm" value={settings.batchNorm} options={STATISTICS} onChange={(batchNorm) => onChange({ batchNorm })} testId="batch-norm-choice" />
      )}
    </>
  )
}

/** `first`, `class3`, `batch5`: the kind and, where there is one, its number. */
function PartChoice({ part, onChange }: { readonly part: string; readonly onChange: (part: string) => void }): JSX.Element {
  const kind = part.startsWith('class') ? 'class' : part.startsWith('batch') ? 'batch' : 'first'
  const index = kind === 'first' ? 0 : Number(part.slice(5))
  return (
    <>
      <Choice label="from" value={kind} options={PARTS} onChange={(chosen) => onChange(chosen === 'first' ? 'first' : `${chosen}0`)} />
      {kind !== 'first' && (
        <NumberBox label={kind === 'class' ? 'Class' : 'Batch'} value={index} min={0} max={kind === 'class' ? 255 : 99999} integer onChange={(chosen) => onChange(`${kind}${chosen}`)} />
      )}
    </>
  )
}
