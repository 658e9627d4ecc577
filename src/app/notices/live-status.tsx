import { useEffect, useState, type JSX } from 'react'
import { statusSentence } from '../../state/status-sentence.ts'
import { useLabStore } from '../../state/use-lab.ts'

/** Milliseconds between two announcements: a screen reader must be able to finish a sentence. */
const PAUSE = 5000

/** Tells a screen reader what runs, how far it is, and the result. */
export function LiveStatus(): JSX.Element {
  const store = useLabStore()
  const [sentence, setSentence] = useState('')
  useEffect(() => {
    let last = -Infinity
    let timer: ReturnType<typeof setTimeout> | undefined
    const announce = (): void => {
      last = performance.now()
      timer = undefined
      setSentence(statusSentence(store.getState()))
    }
    const unsubscribe = store.subscribe(() => {
      timer ??= setTimeout(announce, Math.max(0, last + PAUSE - performance.now()))
    })
    return () => {
      unsubscribe()
      clearTimeout(timer)
    }
  }, [store])
  return (
    <div className="visually-hidden" aria-live="polite">
      {sentence}
    </div>
  )
}
