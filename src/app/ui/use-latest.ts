import { useEffect, useState } from 'react'

/** What was asked last and its answer; `answer` stays that of an earlier question while a newer one is on its way. */
export interface Asked<A> {
  readonly answer: A | null
  /** Why the last question has no answer; null while it is on its way or when it has. */
  readonly failure: string | null
  /** Is the answer that of the present question? */
  readonly isCurrent: boolean
}

interface Told<Q, A> {
  readonly question: Q
  readonly answer: A | null
  readonly failure: string | null
}

/**
 * Asks again whenever the question changes, after a pause in which it may change further; an answer to an older
 * question is dropped. `ask` must be the same function from draw to draw.
 */
export function useLatest<Q, A>(question: Q, ask: (question: Q) => Promise<A>, quietMs: number): Asked<A> {
  const [told, setTold] = useState<Told<Q, A> | null>(null)
  useEffect(() => {
    let isOver = false
    const answer = (fields: Pick<Told<Q, A>, 'answer' | 'failure'>): void => {
      if (!isOver) setTold({ question, ...fields })
    }
    const timer = setTimeout(() => {
      ask(question).then(
        (result) => answer({ answer: result, failure: null }),
        (error: unknown) => answer({ answer: null, failure: error instanceof Error ? error.message : String(error) }),
      )
    }, quietMs)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [question, ask, quietMs])
  const isCurrent = told?.question === question
  return { answer: told?.answer ?? null, failure: isCurrent ? told.failure : null, isCurrent: isCurrent && told.failure === null }
}
