import { expect, test } from 'vitest'
import { Recorder } from '../recorder.ts'
import type { UpdateRule } from '../operations.ts'
import { windowsOn } from '../windows.ts'
import { accessOf, type Access } from './dependencies.ts'
import { buffer, everywhere, loweredPlan } from './test-plans.ts'

function labels({ reads, writes }: Access): { readonly reads: readonly string[]; readonly writes: readonly string[] } {
  const names = (operands: Access['reads']): readonly string[] => operands.map(({ buffer: { label } }) => label).sort()
  return { reads: names(reads), writes: names(writes) }
}

test.each<UpdateRule>(['adam', 'rmsprop'])('%s reads the weights and moments that it writes', (rule) => {
  const ops = new Recorder('update', 1)
  const [gradient, weights, first, second] = ['gradient', 'weights', 'first', 'second'].map((label) => ops.fixed(buffer(6, label), 0, [2, 3]))
  ops.update(rule, { gradient, gradientScale: null, weights, first, second }, true)
  const [kernel] = loweredPlan(ops.finish(), everywhere(4, 5)).kernels
  expect(labels(accessOf(kernel))).toEqual({ reads: ['first', 'gradient', 'second', 'weights'], writes: ['first', 'second', 'weights'] })
})

test('pooling and norms read nothing that they write', () => {
  const ops = new Recorder('pool', 1)
  const windows = windowsOn([4, 4, 1], { kernelHeight: 2, kernelWidth: 2, stride: 2, padding: 'valid' })
  const x = ops.fixed(buffer(16, 'x'), 0, [1, 16])
  const { output, argmax } = ops.maxPool(x, windows)
  ops.keep(output, ops.fixed(buffer(4, 'output'), 0, [1, 2, 2, 1]))
  ops.keep(argmax, ops.fixed(buffer(4, 'argmax'), 0, [1, 2, 2, 1]))
  ops.keep(ops.squaredNorm(x), ops.fixed(buffer(1, 'norm'), 0, [1, 1]))
  const [pool, norm] = loweredPlan(ops.finish(), everywhere(4, 5)).kernels
  expect(labels(accessOf(pool))).toEqual({ reads: ['x'], writes: ['argmax', 'output'] })
  expect(labels(accessOf(norm))).toEqual({ reads: ['x'], writes: ['norm'] })
})

test('what adds up parts reads them, and its target only where it adds to it', () => {
  const rows = 20_000
  const access = (mode: 'assign' | 'accumulate'): readonly ReturnType<typeof labels>[] => {
    const ops = new Recorder('sum', rows)
    ops.store(ops.columnSum(ops.fixed(buffer(rows, 'x'), 0, [rows, 1])), ops.fixed(buffer(1, 'to'), 0, [1, 1]), mode)
    return loweredPlan(ops.finish(), everywhere(4, 5)).kernels.map((kernel) => labels(accessOf(kernel)))
  }
  expect(access('assign')).toEqual([{ reads: ['x'], writes: ['parts'] }, { reads: ['parts'], writes: ['to'] }])
  expect(access('accumulate')[1]).toEqual({ reads: ['parts', 'to'], writes: ['to'] })
})
