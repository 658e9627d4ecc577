import type { KernelSpectrum } from '../contracts/results.ts'

/** How singular values are laid out: as they are, or by their decimal logarithm. */
export interface SingularAxis {
  readonly kind: 'linear' | 'log'
  readonly x: string
  readonly y: string
  /** Where a value stands; −∞ for 0 on the logarithmic axis, where it is not drawn. */
  readonly place: (value: number) => number
  /** The value at a place. */
  readonly value: (place: number) => number
  /** Density per unit of the axis from one per unit of singular value. */
  readonly density: (perValue: number, value: number) => number
  /** Stretch that bars divide evenly: the bulk as the law has it. */
  readonly bulk: (kernel: KernelSpectrum) => { readonly from: number; readonly to: number }
}

const same = (value: number) => value

const LINEAR: SingularAxis = {
  kind: 'linear',
  x: 'ν, singular value',
  y: 'ρ(ν), density',
  place: same,
  value: same,
  density: same,
  bulk: ({ lowerEdge, upperEdge }) => ({ from: lowerEdge, to: upperEdge }),
}

const LOG: SingularAxis = {
  kind: 'log',
  x: 'log₁₀ ν, singular value',
  y: 'ρ(log₁₀ ν), density per decade',
  place: (value) => (value > 0 ? Math.log10(value) : -Infinity),
  value: (place) => 10 ** place,
  density: (perValue, value) => perValue * value * Math.LN10,
  bulk: ({ lowerEdge, upperEdge, singularValues }) => {
    const smallest = singularValues.reduce((min, value) => (value > 0 ? Math.min(min, value) : min), upperEdge)
    const from = Math.log10(lowerEdge > 0 ? Math.min(lowerEdge, smallest) : smallest)
    return { from, to: Math.max(Math.log10(upperEdge), from + 1e-6) }
  },
}

export function singularAxis(scale: 'linear' | 'log'): SingularAxis {
  return scale === 'log' ? LOG : LINEAR
}
