import type { JSX } from 'react'
import type { StoredNotice } from '../../state/lab-state.ts'
import { useLab } from '../../state/use-lab.ts'
import { useLabParts } from '../lab/use-lab-context.tsx'
import { IconButton } from '../ui/buttons.tsx'
import { MatchNotice } from './match-notice.tsx'
import './notices.css'

/** Notices shown at once; older ones follow when these are dismissed. */
const SHOWN = 4

/** What the lab has to say, in one calm place. */
export function Notices(): JSX.Element {
  const notices = useLab((state) => state.notices)
  const shown = notices.slice(-SHOWN)
  const hidden = notices.length - shown.length
  return (
    <section className="notices" aria-label="Messages">
      <MatchNotice />
      {hidden > 0 && <p className="hint notices-more">{hidden} earlier messages</p>}
      {shown.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </section>
  )
}

function NoticeCard({ notice }: { readonly notice: StoredNotice }): JSX.Element {
  const { actions } = useLabParts()
  const { id, level, message, remedy } = notice
  return (
    <div className={`notice ${level}`} role={level === 'error' ? 'alert' : 'status'}>
      <div className="notice-words">
        <p>{message}</p>
        {remedy !== null && <p className="hint">{remedy}</p>}
      </div>
      <IconButton icon="close" label="Dismiss this message" onPress={() => actions.dismissNotice(id)} size={16} />
    </div>
  )
}
