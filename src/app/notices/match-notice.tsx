import { useState, type JSX } from 'react'
import type { Match } from '../../state/lab-state.ts'
import { useLab } from '../../state/use-lab.ts'
import { IconButton } from '../ui/buttons.tsx'

interface Verdict {
  readonly tone: 'good' | 'warning' | 'info'
  readonly words: string
}

/** Says whether this run repeats the one of whoever sent the link. */
export function MatchNotice(): JSX.Element | null {
  const match = useLab((state) => state.match)
  const [dismissed, setDismissed] = useState<Match['state'] | null>(null)
  const verdict = verdictOf(match)
  if (verdict === null || dismissed === match.state) return null
  return (
    <div className={`notice ${verdict.tone}`} role="status" data-testid="match">
      <p className="notice-words">{verdict.words}</p>
      <IconButton icon="close" label="Dismiss this message" onPress={() => setDismissed(match.state)} size={16} />
    </div>
  )
}

function verdictOf({ state, reason }: Match): Verdict | null {
  switch (state) {
    case 'none':
      return null
    case 'pending':
      return { tone: 'info', words: 'This link carries a fingerprint of the sender’s run. Train to the same epoch to see whether yours repeats it.' }
    case 'match':
      return { tone: 'good', words: 'Matches the sender’s run: the weights are equal to the last bit.' }
    case 'differs':
      return { tone: 'warning', words: 'Differs from the sender’s run: the weights are not the same, although the settings are.' }
    case 'not-comparable':
      return { tone: 'info', words: `Cannot be compared with the sender’s run: ${reason ?? 'no reason given'}.` }
  }
}
