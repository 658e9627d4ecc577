import type { JSX } from 'react'
import { usePage, useSetPage } from '../lab/use-lab-context.tsx'
import { IconButton } from '../ui/buttons.tsx'
import { LazyExplanation } from './lazy-explanation.tsx'
import './explanation.css'

/** The right column; folds to a strip. */
export function ExplanationColumn(): JSX.Element {
  const isFolded = usePage((page) => page.explanationFolded)
  const setPage = useSetPage()
  return (
    <aside className="right-column" aria-label="Explanation">
      {isFolded ? (
        <div className="fold-strip">
          <IconButton icon="text" label="Show the explanation" onPress={() => setPage({ explanationFolded: false })} />
        </div>
      ) : (
        <LazyExplanation canFold />
      )}
    </aside>
  )
}
