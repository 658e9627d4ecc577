import type { CurvatureMatrix, CurvatureSettings, MonitorSettings } from '../../contracts/experiment.ts'
import { describeSelection } from '../../contracts/selection.ts'
import { formatCount } from './number.ts'

/** What the matrices are called. */
export const MATRIX_TITLES: Readonly<Record<CurvatureMatrix, string>> = {
  hessian: 'Hessian',
  gaussNewton: 'Gauss–Newton',
  fisher: 'Fisher',
  empiricalFisher: 'empirical Fisher',
}

/** "the first 2,000 samples", "500 samples of class 3", "batch 4 of 500 samples" */
export function describeSamples({ part, samples }: Pick<CurvatureSettings, 'part' | 'samples'>): string {
  const count = `${formatCount(samples)} samples`
  if (part.startsWith('class')) return `${count} of class ${part.slice(5)}`
  if (part.startsWith('batch')) return `batch ${part.slice(5)} of ${count}`
  return `the first ${count}`
}

/** "Hessian, whole network" with what is unusual about the matrix. */
export function describeMatrix({ matrix, selection, decayTerm }: CurvatureSettings): string {
  return `${MATRIX_TITLES[matrix]}, ${describeSelection(selection)}${decayTerm ? '' : ', without the decay term'}`
}

/** "λ₁ … λ₃ of the whole network every 50 steps" */
export function describeMonitor(monitor: MonitorSettings | null): string {
  if (monitor === null) return 'not followed'
  const values = monitor.largest === 1 ? 'λ₁' : `λ₁ … λ${subscript(monitor.largest)}`
  return `${values}, ${describeSelection(monitor.selection)}, every ${formatCount(monitor.every)} steps`
}

function subscript(number: number): string {
  return String(number).replace(/\d/g, (digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)])
}
