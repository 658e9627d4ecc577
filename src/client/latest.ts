/**
 * Latest wins: at most one run in flight; of the calls made meanwhile only the newest runs, once the first has ended.
 * A superseded call settles as the one that took its place.
 */
export function latest<A>(run: (argument: A) => Promise<void>): (argument: A) => Promise<void> {
  let inFlight: Promise<void> | null = null
  let waiting: { argument: A; readonly promise: Promise<void> } | null = null

  const start = (argument: A): Promise<void> => {
    const ended = run(argument).finally(() => {
      inFlight = null
    })
    inFlight = ended
    return ended
  }
  const afterwards = (ended: Promise<void>): Promise<void> => {
    const turn = (): Promise<void> => {
      const next = waiting
      waiting = null
      return next === null ? Promise.resolve() : start(next.argument)
    }
    return ended.then(turn, turn)
  }
  return (argument) => {
    if (waiting !== null) {
      waiting.argument = argument
      return waiting.promise
    }
    if (inFlight === null) return start(argument)
    waiting = { argument, promise: afterwards(inFlight) }
    return waiting.promise
  }
}
