import { useDeferredValue, useMemo } from 'react'
import type { PanelId } from '../../contracts/experiment.ts'
import type { FigureSpec } from '../../figures/index.ts'
import { useLab, useLabShallow } from '../../state/use-lab.ts'
import type { Quality } from '../format/quality.ts'
import { usePageShallow, useShownTheme } from '../lab/use-lab-context.tsx'
import { panelProgress, panelProvenance, panelQuality } from './panel-facts.ts'
import { panelFigure } from './panel-figure.ts'
import { pageLook } from './panel-look.ts'
import { panelSeeds } from './panel-seeds.ts'
import { panelSource, type PanelSource } from './panel-source.ts'

export interface PanelContent {
  readonly source: PanelSource
  readonly figure: FigureSpec | null
  readonly quality: Quality | null
  readonly provenance: string | null
  readonly isStale: boolean
}

/** Everything a panel shows. */
export function usePanel(id: PanelId, presenting = false): PanelContent {
  const source = useDeferredValue(useLabShallow((state) => panelSource(state, id)))
  const seeds = useDeferredValue(useLabShallow((state) => panelSeeds(state, id)))
  const theme = useShownTheme()
  const look = usePageShallow((page) => pageLook(page, id))
  const figure = useMemo(() => panelFigure(source, seeds, { ...look, theme, presenting }), [source, seeds, look, theme, presenting])
  const provenance = useLab((state) => panelProvenance(source, state))
  const quality = useMemo(() => panelQuality(source), [source])
  return { source, figure, quality, provenance, isStale: source.stale }
}

/** Share of what feeds the panel that is done; null when nothing runs. */
export function usePanelProgress(id: PanelId): number | null {
  return useLab((state) => panelProgress(id, panelSource(state, id), state.progress))
}
