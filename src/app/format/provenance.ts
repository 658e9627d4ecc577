import type { LabResult, Provenance } from '../../contracts/results.ts'
import { formatCount, formatNumber } from './number.ts'
import { formatSeconds } from './quantity.ts'

/** "2,000 samples · epoch 10 · seed 7 · CPU SIMD · float32 · 1.4 s" */
function provenanceLine(from: Provenance, when: string): string {
  return [
    // What follows from weights or eigenvalues alone looks at no sample.
    ...(from.samples === 0 ? [] : [`${formatCount(from.samples)} samples`]),
    when,
    `seed ${from.seed}`,
    from.engine,
    from.precision,
    formatSeconds(from.seconds),
  ].join(' · ')
}

/** Every field with its name, for the explanation. */
export function provenanceRows(from: Provenance): readonly (readonly [string, string])[] {
  return [
    ['Data', from.samples === 0 ? from.dataset : `${from.dataset}, ${formatCount(from.samples)} samples`],
    ['Data hash', from.datasetHash.slice(0, 16)],
    ['Checkpoint', `epoch ${from.epoch}`],
    ['Seed', String(from.seed)],
    ['Engine', `${from.engine}, ${from.precision}`],
    ['Repeatable', from.bitExact ? 'to the bit, on any machine' : 'up to rounding'],
    ['Time', formatSeconds(from.seconds)],
    ['Version', `${from.appVersion}, numerics ${from.numericalVersion}`],
  ]
}

/** A series is of all epochs up to its last look, which need not be a whole one. */
function whenOf(result: LabResult): string {
  if (result.kind !== 'curvature') return `epoch ${result.provenance.epoch}`
  return `epochs 0 to ${formatNumber(result.epoch[result.epoch.length - 1] ?? 0)}`
}

/** The line of a result; a Hessian of a network with batch norm says which statistics that used. */
export function resultProvenance(result: LabResult): string {
  const line = provenanceLine(result.provenance, whenOf(result))
  if (result.kind !== 'spectrum' || result.batchNorm === null) return line
  return `${line} · batch norm by ${result.batchNorm === 'inference' ? 'running statistics' : 'statistics of the samples'}`
}

/** Which statistics batch norm used, for a Hessian of a network that has it. */
export function batchNormRows(result: LabResult | null): readonly (readonly [string, string])[] {
  if (result?.kind !== 'spectrum' || result.batchNorm === null) return []
  return [['Batch norm', result.batchNorm === 'inference' ? 'statistics gathered in training' : 'statistics of the samples themselves']]
}
