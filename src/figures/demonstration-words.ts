import type { LanczosHistory, PowerHistory } from '../contracts/results.ts'
import { counted, formatCount, formatNumber } from './numbers.ts'
import type { RitzStep } from './ritz-steps.ts'

const DIGITS = 5

/** What the chosen step of power iteration did. */
export function powerSentence({ rayleigh, residuals, angles }: PowerHistory, step: number): string {
  const i = step - 1
  const turned = Number.isFinite(angles[i]) ? `; the vector turned by ${angleWords(angles[i])}` : ''
  const change = changeWords(i > 0 ? rayleigh[i - 1] : NaN, rayleigh[i])
  return `Step ${formatCount(step)}: one product with the matrix; the Rayleigh quotient ${change}, residual ${formatNumber(residuals[i], 2)}${turned}.`
}

/** What the chosen Lanczos step did. */
export function lanczosSentence(steps: readonly RitzStep[], { orthogonality }: LanczosHistory, step: number): string {
  const { values, residuals, settled, copies } = steps[step - 1]
  const before = step > 1 ? steps[step - 2].values[0] : NaN
  const done = settled.filter(Boolean).length
  const repeated = copies.filter(Boolean).length
  const ghosts = repeated === 0 ? '' : `; ${counted(repeated, 'of them is a copy', 'of them are copies')}, because the basis is no longer orthogonal`
  const basis = orthogonality[step - 1]
  const evidence = step > 1 && Number.isFinite(basis) ? `; its ${formatCount(step)} vectors are orthogonal up to ${formatNumber(basis, 1)}` : ''
  return (
    `Step ${formatCount(step)}: one product with the matrix; the largest Ritz value ${changeWords(before, values[0])}, residual ${formatNumber(residuals[0], 2)}; ` +
    `${formatCount(done)} of ${counted(step, 'value')} ${done === 1 ? 'has' : 'have'} settled${ghosts}${evidence}.`
  )
}

/** "rose from 8.1000 to 8.9000" */
function changeWords(before: number, now: number): string {
  if (!Number.isFinite(before)) return `is ${formatNumber(now, DIGITS)}`
  const [from, to] = [formatNumber(before, DIGITS), formatNumber(now, DIGITS)]
  if (from === to) return `stayed at ${to}`
  return `${now > before ? 'rose' : 'fell'} from ${from} to ${to}`
}

function angleWords(radians: number): string {
  return `${formatNumber((radians * 180) / Math.PI, 2)}°`
}
