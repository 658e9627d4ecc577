import { useMemo, type JSX } from 'react'
import { Button, Disclosure, DisclosurePanel } from 'react-aria-components'
import type { PanelId } from '../../contracts/experiment.ts'
import { lessonOf } from '../../lessons/index.ts'
import { useLabShallow } from '../../state/use-lab.ts'
import { claimInputs, judgeAll, type JudgedClaim, type Verdict } from '../claims/index.ts'
import { Icon, type IconName } from '../ui/icons.tsx'

/** The thesis's claims, judged by this run: those of the panel first, the others folded. */
export function ClaimList({ panel }: { readonly panel: PanelId }): JSX.Element {
  const { experiment, data, results, stale, replicas } = useLabShallow((state) => ({
    experiment: state.experiment,
    data: state.data,
    results: state.results,
    stale: state.stale,
    replicas: state.replicas,
  }))
  const judged = useMemo(() => {
    const [main, ...others] = claimInputs({ experiment, data, results, stale, replicas })
    return judgeAll(main, others)
  }, [experiment, data, results, stale, replicas])
  const here = judged.filter(({ claim }) => lessonOf(panel).claims.includes(claim.number))
  const elsewhere = judged.filter((entry) => !here.includes(entry))
  return (
    <section data-testid="claims">
      <h3>Claims</h3>
      <Claims judged={here} />
      <Disclosure>
        <Button slot="trigger" className="button quiet claims-more">
          <Icon name="chevron" size={14} /> {here.length === 0 ? 'All claims of the thesis that a run can decide' : `Other claims (${elsewhere.length})`}
        </Button>
        <DisclosurePanel>
          <Claims judged={elsewhere} />
        </DisclosurePanel>
      </Disclosure>
    </section>
  )
}

function Claims({ judged }: { readonly judged: readonly JudgedClaim[] }): JSX.Element | null {
  if (judged.length === 0) return null
  return (
    <ul className="claims">
      {judged.map((entry) => (
        <ClaimItem key={entry.claim.number} {...entry} />
      ))}
    </ul>
  )
}

const VERDICTS: Readonly<Record<Verdict, { readonly icon: IconName; readonly words: string }>> = {
  holds: { icon: 'check', words: 'holds' },
  fails: { icon: 'close', words: 'does not hold' },
  notMeasured: { icon: 'idle', words: 'not measured' },
}

function ClaimItem({ claim, finding }: JudgedClaim): JSX.Element {
  const { icon, words } = VERDICTS[finding.verdict]
  return (
    <li className={`claim ${finding.verdict}`} data-testid={`claim-${claim.number}`}>
      <p className="claim-verdict">
        <Icon name={icon} size={16} /> {words}
      </p>
      <p>
        {claim.sentence} <span className="hint">Claim {claim.number}</span>
      </p>
      <p className="claim-evidence">{finding.evidence}</p>
      <p className="hint">{claim.note}</p>
    </li>
  )
}
