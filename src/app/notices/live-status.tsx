import { useEffect, useRef, useState, type JSX } from 'react'
import { statusSentence } from '../../state/status-sentence.ts'
import { useLab } from '../../state/use-lab.ts'

/** A screen reader should not be talked over: at most one sentence in this many milliseconds. */
const QUIET_MS = 5000

/** Says what runs, how far it is and the result, for people who do not see the page. */
export function LiveStatus(): JSX.Element {
  const sentence = useLab(statusSentence)
  const [said, setSaid] = useState(sentence)
  const last = useRef(0)
  useEffect(() => {
    const wait = Math.max(0, last.current + QUIET_MS - Date.now())
    const timer = setTimeout(() => {
      last.current = Date.now()
      setSaid(sentence)
    }, wait)
    return () => {
      clearTimeout(timer)
    }
  }, [sentence])
  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {said}
    </p>
  )
}
