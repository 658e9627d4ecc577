/** How far a result can be trusted, in a few words and in a sentence. */
export interface Quality {
  readonly level: 'good' | 'partial' | 'poor'
  readonly short: string
  readonly long: string
}

/** Nothing is missing. */
export function good(short: string, long: string): Quality {
  return { level: 'good', short, long }
}
