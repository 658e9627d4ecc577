import { lazy, Suspense, type JSX } from 'react'

const LoadedExplanation = lazy(async () => ({ default: (await import('./explanation.tsx')).Explanation }))

/** The explanation reads the figures' numbers and loads with them. */
export function LazyExplanation({ canFold }: { readonly canFold: boolean }): JSX.Element {
  return (
    <Suspense fallback={null}>
      <LoadedExplanation canFold={canFold} />
    </Suspense>
  )
}
