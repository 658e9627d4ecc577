/** Tridiagonal matrices that are hard for eigensolvers, for the tests of this folder. */
import { createRandom } from '../random.ts'
import type { Random } from '../random.ts'

export interface TestTridiagonal {
  readonly diagonal: Float64Array
  /** (n − 1). */
  readonly offDiagonal: Float64Array
}

const build = (n: number, diagonal: (i: number) => number, offDiagonal: (i: number) => number): TestTridiagonal => ({
  diagonal: Float64Array.from({ length: n }, (_, i) => diagonal(i)),
  offDiagonal: Float64Array.from({ length: Math.max(0, n - 1) }, (_, i) => offDiagonal(i)),
})

const random = (n: number): Random => createRandom(n, 'tridiagonal')

/** By name: the matrix of size n. */
export const TRIDIAGONALS: Record<string, (n: number) => TestTridiagonal> = {
  random(n) {
    const draw = random(n)
    return build(n, () => draw.normal(), () => draw.normal())
  },
  'of a random dense matrix': (n) => {
    const draw = random(n)
    return build(n, () => draw.normal(), (i) => Math.sqrt((n - 1 - i) / 2) * draw.uniformBetween(0.9, 1.1))
  },
  'second difference (1, 2, 1)': (n) => build(n, () => 2, () => 1),
  'Wilkinson’s, pairs of nearly equal eigenvalues': (n) => build(n, (i) => Math.abs(i - (n - 1) / 2), () => 1),
  'Wilkinson’s W21+, glued by 1e-12': (n) => build(n, (i) => Math.abs((i % 21) - 10), (i) => (i % 21 === 20 ? 1e-12 : 1)),
  'Clement’s': (n) => build(n, () => 0, (i) => Math.sqrt((i + 1) * (n - 1 - i))),
  'constant with couplings of zero': (n) => build(n, () => 3, () => 0),
  identity: (n) => build(n, () => 1, () => 0),
  zero: (n) => build(n, () => 0, () => 0),
  'with some couplings of zero': (n) => build(n, (i) => (i * 7) % 11, (i) => (i % 5 === 4 ? 0 : 0.5)),
  'with negative couplings': (n) => build(n, (i) => i % 3, (i) => (i % 2 === 0 ? -1 : 0.25)),
  graded: (n) => build(n, (i) => 0.5 ** ((60 * i) / n), (i) => 0.3 * 0.5 ** ((60 * i) / n)),
  'graded upwards': (n) => build(n, (i) => 0.5 ** (60 - (60 * i) / n), (i) => 0.3 * 0.5 ** (60 - (60 * i) / n)),
  clustered: (n) => build(n, (i) => 1 + 1e-13 * (i % 4), () => 1e-9),
  'clustered at both ends of a wide range': (n) => build(n, (i) => (i % 2 === 0 ? 1 : -1), (i) => (i % 10 === 0 ? 0.1 : 1e-10)),
  'rank-deficient, couplings of noise': (n) => {
    const draw = random(n)
    const rank = Math.floor(n / 5)
    return build(n, (i) => (i < rank ? 5 + draw.uniform() : 1e-17 * draw.normal()), (i) => (i < rank ? draw.uniform() : 1e-17 * draw.normal()))
  },
  'zero diagonal, equal couplings': (n) => build(n, () => 0, () => 1),
}
