import type { JSX } from 'react'
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import type { Analysis } from '../../contracts/experiment.ts'
import { useLab } from '../../state/use-lab.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { addAnalysis } from '../settings/edits.ts'
import { Icon } from '../ui/icons.tsx'
import { AnalysisSettings } from './analysis-settings.tsx'
import { SeedBox } from './seed-box.tsx'
import { StatisticsSettings } from './statistics-settings.tsx'

const KINDS: readonly { readonly kind: Analysis['kind']; readonly title: string; readonly note: string }[] = [
  { kind: 'hessian', title: 'Hessian spectrum', note: 'Eigenpairs of both ends by Lanczos iteration' },
  { kind: 'singularValues', title: 'Singular values', note: 'Every kernel against the Marchenko–Pastur law' },
  { kind: 'principalComponents', title: 'Principal components', note: 'Of the recorded weights and velocities' },
  { kind: 'wholeSpectrum', title: 'Whole spectrum', note: 'All eigenvalues of a layer, with spacings and eigenvector statistics' },
  { kind: 'density', title: 'Eigenvalue density', note: 'Of any number of weights, by stochastic Lanczos quadrature' },
  { kind: 'trace', title: 'Trace, norm and diagonal', note: 'From products with random vectors, with standard errors' },
  { kind: 'noiseFiltering', title: 'Noise filtering', note: 'Accuracy without the smallest singular values' },
  { kind: 'demonstration', title: 'Step by step', note: 'Power iteration or Lanczos, one product at a time' },
]

const MOST = 12

/** What is computed from trained and recorded weights; overlaps follow from pairs of these. */
export function AnalysesSettings(): JSX.Element {
  const analyses = useLab((state) => state.experiment.analyses)
  return (
    <>
      {analyses.map((analysis, index) => (
        <AnalysisSettings key={`${analysis.kind} ${index}`} index={index} analysis={analysis} />
      ))}
      {analyses.length < MOST && <AddAnalysis />}
      <SeedBox field="probes" label="Seed of the start vectors" />
      <StatisticsSettings />
    </>
  )
}

function AddAnalysis(): JSX.Element {
  const commands = useCommands()
  const add = (key: unknown): void => {
    const chosen = KINDS.find(({ kind }) => kind === key)
    if (chosen !== undefined) void commands.edit(addAnalysis(chosen.kind))
  }
  return (
    <MenuTrigger>
      <Button className="button plain" data-testid="add-analysis">
        <Icon name="plus" size={16} /> Add an analysis
      </Button>
      <Popover className="popover">
        <Menu className="menu" onAction={add} aria-label="Analyses">
          {KINDS.map(({ kind, title, note }) => (
            <MenuItem key={kind} id={kind} className="menu-item" textValue={title}>
              <span className="menu-title">{title}</span>
              <span className="menu-note">{note}</span>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
