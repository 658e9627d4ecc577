import type { JSX } from 'react'
import type { PanelId } from '../../contracts/experiment.ts'
import { useLabShallow } from '../../state/use-lab.ts'
import { Chip } from '../ui/chip.tsx'
import { seedChip } from './panel-seeds.ts'

/** How many seeds a panel shows; which, what the others do and why some failed on hover and focus. */
export function ReplicaChip({ id }: { readonly id: PanelId }): JSX.Element | null {
  const chip = useLabShallow((state) => seedChip(state, id))
  if (chip === null) return null
  return (
    <Chip tone={chip.failed ? 'warn' : 'plain'} explain={chip.long} testId="replica-chip">
      {chip.short}
    </Chip>
  )
}
