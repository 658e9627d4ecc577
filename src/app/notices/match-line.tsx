import type { JSX } from 'react'
import type { Match } from '../../state/lab-state.ts'
import { useLab } from '../../state/use-lab.ts'
import { Icon, type IconName } from '../ui/icons.tsx'

interface MatchWords {
  readonly icon: IconName
  readonly tone: string
  readonly words: string
}

const WORDS: Readonly<Record<Exclude<Match['state'], 'none'>, MatchWords>> = {
  pending: { icon: 'idle', tone: 'info', words: 'The link carries the fingerprint of a run. Train to see whether yours repeats it.' },
  match: { icon: 'check', tone: 'good', words: 'This run matches the sender’s: its weights are the same.' },
  differs: { icon: 'failed', tone: 'warning', words: 'This run differs from the sender’s: same settings, other weights.' },
  'not-comparable': { icon: 'stale', tone: 'info', words: 'This run cannot be compared with the sender’s' },
}

/** Does this run repeat the one that the link was made from? */
export function MatchLine(): JSX.Element | null {
  const { state, reason } = useLab((lab) => lab.match)
  if (state === 'none') return null
  const { icon, tone, words } = WORDS[state]
  return (
    <div className={`notice ${tone}`} role="status" data-testid="match" data-match={state}>
      <Icon name={icon} />
      <p>
        {words}
        {reason !== null && `: ${reason}`}
        {reason !== null && '.'}
      </p>
    </div>
  )
}
