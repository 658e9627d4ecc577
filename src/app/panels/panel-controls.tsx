import type { JSX } from 'react'
import type { PanelId } from '../../contracts/experiment.ts'
import type { OverlapKind } from '../../contracts/results.ts'
import { overlapLayers } from '../../state/selectors.ts'
import { useLab, useLabShallow } from '../../state/use-lab.ts'
import { useLabParts, usePage, useSetPage } from '../lab/use-lab-context.tsx'
import { Toggle } from '../ui/toggle.tsx'
import { ClipSlider } from './clip-slider.tsx'
import { KernelChoice } from './kernel-choice.tsx'
import { panelSeeds } from './panel-seeds.ts'
import type { PanelSource } from './panel-source.ts'
import { SeedProgress } from './seed-progress.tsx'
import { SpectralControls } from './spectral-controls.tsx'

export interface PanelControlsProps {
  readonly id: PanelId
  readonly source: PanelSource
}

/** The few controls that change how a panel is drawn, never a number. */
export function PanelControls({ id, source }: PanelControlsProps): JSX.Element | null {
  switch (id) {
    case 'training':
      return <TrainingControls />
    case 'spectrum':
      return <SpectrumControls />
    case 'singularValues':
      return source.kind === 'singularValues' && source.result !== null ? (
        <Row>
          <KernelChoice layers={source.result.kernels.map(({ layer }) => layer)} />
          <SingularToggles />
        </Row>
      ) : null
    case 'singularHessian':
    case 'singularPca':
    case 'hessianWeights':
    case 'hessianVelocities':
    case 'layerNetwork':
    case 'hessianTime':
      return source.kind === id && source.result !== null ? <OverlapControls id={id} dimension={source.result.dimension} /> : null
    case 'drift':
    case 'variances':
    case 'weightProduct':
      return null
    default:
      return <SpectralControls source={source} />
  }
}

function Row({ children }: { readonly children: JSX.Element | readonly (JSX.Element | false)[] }): JSX.Element {
  return <div className="panel-controls">{children}</div>
}

function TrainingControls(): JSX.Element | null {
  const { actions } = useLabParts()
  const logLoss = useLab((state) => state.experiment.view.logLoss)
  const trained = useLab((state) => state.training.update !== null)
  if (!trained) return null
  return (
    <Row>
      <Toggle label="Loss on a log scale" isOn={logLoss} onChange={(isOn) => actions.setView({ logLoss: isOn })} />
      <SeedProgress />
    </Row>
  )
}

function SingularToggles(): JSX.Element {
  const isLog = usePage((page) => page.logSingularValues)
  const overlays = usePage((page) => page.singularOverlays)
  const layerTable = usePage((page) => page.layerTable)
  const tables = usePage((page) => page.tables)
  const setPage = useSetPage()
  const showLayers = (isOn: boolean): void => {
    const without = new Set(tables)
    without.delete('singularValues')
    setPage({ layerTable: isOn, tables: isOn ? without.add('singularValues') : without })
  }
  return (
    <>
      <Toggle label="Log scale" isOn={isLog} onChange={(isOn) => setPage({ logSingularValues: isOn })} />
      <Toggle label="Initial and permuted" isOn={overlays} onChange={(isOn) => setPage({ singularOverlays: isOn })} />
      <Toggle label="Table of layers" isOn={layerTable} onChange={showLayers} />
    </>
  )
}

function SpectrumControls(): JSX.Element | null {
  const logSpectrum = usePage((page) => page.logSpectrum)
  const setPage = useSetPage()
  const shown = useLab((state) => Object.keys(state.results.spectra).length > 0)
  if (!shown) return null
  return (
    <Row>
      <Toggle label="Log scale" isOn={logSpectrum} onChange={(isOn) => setPage({ logSpectrum: isOn })} />
    </Row>
  )
}

interface OverlapControlsProps {
  readonly id: OverlapKind
  readonly dimension: number
}

function OverlapControls({ id, dimension }: OverlapControlsProps): JSX.Element {
  const layers = useLabShallow((state) => overlapLayers(state, id))
  const nullBand = usePage((page) => page.nullBand)
  const meanOverlaps = usePage((page) => page.meanOverlaps)
  const seeds = useLab((state) => panelSeeds(state, id).length + 1)
  const setPage = useSetPage()
  return (
    <Row>
      {layers.length > 1 && <KernelChoice layers={layers} />}
      <ClipSlider dimension={dimension} />
      <Toggle label="Row means and 1/√n" isOn={nullBand} onChange={(isOn) => setPage({ nullBand: isOn })} />
      {seeds > 1 && <Toggle label={`Mean over ${String(seeds)} seeds`} isOn={meanOverlaps} onChange={(isOn) => setPage({ meanOverlaps: isOn })} />}
    </Row>
  )
}
