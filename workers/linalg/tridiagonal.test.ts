import { expect, it } from 'vitest'
import { tridiagonalEigenvectors } from '../numerics/divide-and-conquer/tridiagonal-eigenvectors.ts'
import { createRandom } from '../numerics/random.ts'
import { layoutOf, symmetricEigenBytes } from './layout.ts'
import { compileKernels, instantiateKernels } from './module.ts'
import { Problem } from './problem.ts'
import { solveTridiagonal } from './tridiagonal.ts'

const PAGE_BYTES = 65536

it.each([33, 100, 201])('the kernels solve a tridiagonal problem of %i rows with the bits of plain code', async (n) => {
  const random = createRandom(n, 'tridiagonal kernels')
  const diagonal = Float64Array.from({ length: n }, () => random.normal())
  const offDiagonal = Float64Array.from({ length: n - 1 }, () => random.normal())
  const rows = new Float64Array(n * n)
  const plain = await tridiagonalEigenvectors(diagonal, offDiagonal, rows, new Float64Array(n * n))

  const memory = new WebAssembly.Memory({ initial: symmetricEigenBytes(n, true) / PAGE_BYTES, maximum: PAGE_BYTES })
  const layout = layoutOf(n, true)
  const problem = new Problem(memory, await instantiateKernels(await compileKernels('single'), memory), layout, 1)
  problem.floats(layout.diagonal, n).set(diagonal)
  problem.floats(layout.offDiagonal, n - 1).set(offDiagonal)
  const pace = { stretch: Infinity, onProgress: () => undefined, rest: () => Promise.resolve() }
  const eigenvalues = await solveTridiagonal(problem, pace, () => undefined)

  expect(eigenvalues).toEqual(plain.eigenvalues)
  expect(problem.floats(layout.rotation, n * n).every((value, at) => value === rows[at])).toBe(true)
})
