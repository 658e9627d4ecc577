import type { JSX } from 'react'
import type { PanelId } from '../../contracts/experiment.ts'
import type { Quality } from '../format/quality.ts'
import { Chip, type ChipTone } from '../ui/chip.tsx'

const TONES: Readonly<Record<Quality['level'], ChipTone>> = { good: 'good', partial: 'plain', poor: 'warn' }

/** How far the numbers can be trusted; the sentence behind it on hover and focus. */
export function QualityChip({ id, quality }: { readonly id: PanelId; readonly quality: Quality | null }): JSX.Element | null {
  if (quality === null) return null
  return (
    <Chip tone={TONES[quality.level]} explain={quality.long} testId={`quality-${id}`}>
      {quality.short}
    </Chip>
  )
}
