/** Milliseconds of the fastest of several repeats: on a shared machine the minimum is what the code costs. */
export async function fastest(repeats: number, work: () => unknown): Promise<number> {
  let best = Infinity
  for (let i = 0; i < repeats; i++) {
    const start = performance.now()
    await work()
    best = Math.min(best, performance.now() - start)
  }
  return best
}

/** Two pieces of work measured alternately, so that both see the same machine. Milliseconds of each. */
export async function alternately(repeats: number, first: () => unknown, second: () => unknown): Promise<readonly [number, number]> {
  let [a, b] = [Infinity, Infinity]
  for (let i = 0; i < repeats; i++) {
    a = Math.min(a, await fastest(1, first))
    b = Math.min(b, await fastest(1, second))
  }
  return [a, b]
}

/** One line of the report; the closing block repeats them. */
export interface Ratio {
  readonly name: string
  readonly value: number
  readonly text: string
}

export function ratio(name: string, value: number, text: string): Ratio {
  return { name, value, text }
}
