import type { JSX } from 'react'
import { Label, Slider, SliderThumb, SliderTrack } from 'react-aria-components'
import type { DemonstrationResult } from '../../contracts/results.ts'
import { useLab } from '../../state/use-lab.ts'
import { useCommands, useLabParts, usePage, useSetPage } from '../lab/use-lab-context.tsx'
import { editPart } from '../settings/edits.ts'
import { IconButton } from '../ui/buttons.tsx'
import { NumberBox } from '../ui/number-box.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Toggle } from '../ui/toggle.tsx'
import type { PanelSource } from './panel-source.ts'

/** Controls of the panels of the spectral laboratory. */
export function SpectralControls({ source }: { readonly source: PanelSource }): JSX.Element | null {
  if (source.kind === 'training' || source.result === null) return null
  switch (source.kind) {
    case 'wholeSpectrum':
      return <SpectrumScale />
    case 'density':
      return <DensityControls />
    case 'spacings':
      return <StatisticsWindow field="unfoldingWindow" label="Unfolding window" />
    case 'porterThomas':
      return <StatisticsWindow field="averagingWindow" label="Averaging window" />
    case 'curvature':
      return <QuantityChoice />
    case 'demonstration':
      return <StepSlider result={source.result} />
    default:
      return null
  }
}

function SpectrumScale(): JSX.Element {
  const isLinear = usePage((page) => page.linearWhole)
  const setPage = useSetPage()
  return (
    <div className="panel-controls">
      <Toggle label="Log scale" isOn={!isLinear} onChange={(isOn) => setPage({ linearWhole: !isOn })} />
    </div>
  )
}

const WIDTHS = [
  { value: 'auto', label: 'automatic' },
  { value: 'scott', label: 'Scott' },
  { value: '1', label: 'σ = 1' },
  { value: 'own', label: 'own' },
] as const

/** The width acts on what is there; nothing is computed again. */
function DensityControls(): JSX.Element {
  const { actions } = useLabParts()
  const bandwidth = useLab((state) => state.experiment.view.bandwidth)
  const isLinear = usePage((page) => page.linearDensity)
  const setPage = useSetPage()
  const chosen = bandwidth === 'auto' || bandwidth === 'scott' ? bandwidth : bandwidth === 1 ? '1' : 'own'
  const choose = (value: (typeof WIDTHS)[number]['value']): void => actions.setView({ bandwidth: value === 'own' ? OWN_WIDTH : value === '1' ? 1 : value })
  return (
    <div className="panel-controls">
      <Segmented label="Bandwidth σ" value={chosen} options={WIDTHS} onChange={choose} />
      {typeof bandwidth === 'number' && bandwidth !== 1 && (
        <NumberBox label="σ" value={bandwidth} min={1e-9} max={1e6} scale="log" onChange={(width) => actions.setView({ bandwidth: width })} />
      )}
      <Toggle label="Log scale" isOn={!isLinear} onChange={(isOn) => setPage({ linearDensity: !isOn })} />
    </div>
  )
}

const OWN_WIDTH = 0.01

/** A window over neighbouring levels or vectors; spectra stay as they are. */
function StatisticsWindow({ field, label }: { readonly field: 'unfoldingWindow' | 'averagingWindow'; readonly label: string }): JSX.Element {
  const commands = useCommands()
  const value = useLab((state) => state.experiment.statistics[field])
  return (
    <div className="panel-controls">
      <NumberBox label={label} value={value} min={field === 'unfoldingWindow' ? 1 : 0} max={500} integer onChange={(window) => void commands.edit(editPart('statistics', { [field]: window }))} />
    </div>
  )
}

const QUANTITIES = [
  { value: 'eigenvalues', label: 'λ' },
  { value: 'trace', label: 'trace' },
  { value: 'overlaps', label: 'overlaps' },
  { value: 'condition', label: 'condition' },
] as const

function QuantityChoice(): JSX.Element {
  const quantity = usePage((page) => page.curvatureQuantity)
  const setPage = useSetPage()
  return (
    <div className="panel-controls">
      <Segmented label="Shown" value={quantity} options={QUANTITIES} onChange={(curvatureQuantity) => setPage({ curvatureQuantity })} />
    </div>
  )
}

/** Goes through an iteration step by step; the sentence below says what the step did. */
function StepSlider({ result }: { readonly result: DemonstrationResult }): JSX.Element {
  const steps = (result.power?.rayleigh ?? result.lanczos?.alphas ?? []).length
  const chosen = usePage((page) => page.demonstrationStep)
  const setPage = useSetPage()
  const step = Math.min(chosen ?? steps, steps)
  const go = (to: number): void => setPage({ demonstrationStep: Math.max(1, Math.min(steps, to)) })
  return (
    <div className="panel-controls">
      <IconButton icon="previous" label="One step back" isDisabled={step <= 1} onPress={() => go(step - 1)} />
      <Slider className="slider step-slider" minValue={1} maxValue={Math.max(steps, 1)} step={1} value={step} onChange={go}>
        <Label>
          Step {step} of {steps}
        </Label>
        <SliderTrack className="slider-track">
          <SliderThumb className="slider-thumb" />
        </SliderTrack>
      </Slider>
      <IconButton icon="next" label="One step on" isDisabled={step >= steps} onPress={() => go(step + 1)} />
    </div>
  )
}
