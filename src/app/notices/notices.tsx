import type { JSX } from 'react'
import type { StoredNotice } from '../../state/lab-state.ts'
import { useLab } from '../../state/use-lab.ts'
import { useLabParts } from '../lab/use-lab-context.tsx'
import { IconButton } from '../ui/buttons.tsx'
import { MatchLine } from './match-line.tsx'
import './notices.css'

const MOST = 3

/** What the lab and the link had to say, newest last, until dismissed. */
export function Notices(): JSX.Element {
  const notices = useLab((state) => state.notices)
  const hidden = notices.length - MOST
  return (
    <div className="notices" data-testid="notices">
      <MatchLine />
      {hidden > 0 && <p className="hint">{hidden} earlier messages are folded; dismiss some to see them.</p>}
      {notices.slice(-MOST).map((notice) => (
        <NoticeLine key={notice.id} notice={notice} />
      ))}
    </div>
  )
}

/** Messages of the lab end without a full stop; here another sentence may follow. */
function asSentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`
}

function NoticeLine({ notice }: { readonly notice: StoredNotice }): JSX.Element {
  const { actions } = useLabParts()
  const { id, level, message, remedy, source } = notice
  return (
    <div className={`notice ${level}`} role={level === 'error' ? 'alert' : 'status'}>
      <p>
        {source === 'link' && <strong>Link: </strong>}
        {asSentence(message)}
        {remedy !== null && <span className="notice-remedy"> {remedy}</span>}
      </p>
      <IconButton icon="close" label="Dismiss" onPress={() => actions.dismissNotice(id)} />
    </div>
  )
}
