import { lazy, Suspense, type JSX } from 'react'
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components'
import type { Stage } from '../../contracts/session.ts'
import { useLab } from '../../state/use-lab.ts'
import { usePage, useSetPage } from '../lab/use-lab-context.tsx'
import { Icon } from '../ui/icons.tsx'
import { StageAction } from './stage-action.tsx'
import { StageDifferences, StageFailure, StageProgress, StageSummary } from './stage-lines.tsx'
import { STAGE_TITLES, stateMark } from './stage-words.ts'

/** The controls of all stages are many and load when the first card is opened. */
const StageSettings = lazy(() => import('./stage-settings.tsx'))

interface StageProps {
  readonly stage: Stage
}

/** One stage: state, summary, what it costs; opens in place to its settings. */
export function StageCard({ stage }: StageProps): JSX.Element {
  const isOpen = usePage((page) => page.openStage === stage)
  const setPage = useSetPage()
  const state = useLab(({ stages }) => stages[stage].state)
  return (
    <li className={`stage ${state}`} data-testid={`stage-${stage}`} data-state={state}>
      <Disclosure isExpanded={isOpen} onExpandedChange={(open) => setPage({ openStage: open ? stage : null })}>
        <Heading level={2} className="stage-heading">
          <Button slot="trigger" className="stage-toggle">
            <StageMark stage={stage} />
            <Icon name="chevron" size={14} />
          </Button>
        </Heading>
        <StageSummary stage={stage} />
        <StageDifferences stage={stage} />
        <StageProgress stage={stage} />
        <StageFailure stage={stage} />
        <DisclosurePanel className="stage-panel">
          {isOpen && (
            <Suspense fallback={<p className="hint">Loading the settings.</p>}>
              <StageSettings stage={stage} />
            </Suspense>
          )}
        </DisclosurePanel>
        <StageAction stage={stage} />
      </Disclosure>
    </li>
  )
}

function StageMark({ stage }: StageProps): JSX.Element {
  const status = useLab(({ stages }) => stages[stage])
  const { icon, words } = stateMark(status)
  return (
    <>
      <span className="stage-icon">
        <Icon name={icon} />
      </span>
      <span className="stage-title">{STAGE_TITLES[stage]}</span>
      <span className="stage-state">{words}</span>
    </>
  )
}
