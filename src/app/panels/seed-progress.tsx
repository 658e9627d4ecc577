import type { JSX } from 'react'
import { replicaCount, replicasAtWork } from '../../state/replica-selectors.ts'
import { useLab } from '../../state/use-lab.ts'

/** What the further seeds do while some run: "seed 8: epoch 4 of 10 · 2 more wait". */
export function SeedProgress(): JSX.Element | null {
  const words = useLab((state) => {
    const { all, done, running } = replicaCount(state)
    if (running === 0) return ''
    const waiting = all - done - running
    return [...replicasAtWork(state), ...(waiting > 0 ? [`${String(waiting)} more to do`] : [])].join(' · ')
  })
  return words === '' ? null : <span className="seed-progress">{words}</span>
}
