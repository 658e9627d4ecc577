import { describe, expect, it } from 'vitest'
import { fromFunction, fromMatrix } from './linear-operator.ts'

describe('linear operator', () => {
  it('multiplies by the stored matrix, rows first', () => {
    const operator = fromMatrix(Float64Array.of(1, 2, 3, 4), 2, { symmetric: false })
    const y = new Float64Array(2)
    operator.apply(Float64Array.of(1, 10), y)
    expect([...y]).toEqual([21, 43])
    expect(operator.symmetric).toBe(false)
  })

  it('carries the properties that the caller states', () => {
    const operator = fromFunction(3, (x, y) => y.set(x), { positiveSemidefinite: true })
    expect(operator).toMatchObject({ size: 3, symmetric: true, positiveSemidefinite: true })
  })

  it('rejects a matrix that is not square and an impossible size', () => {
    expect(() => fromMatrix(new Float64Array(6), 2)).toThrow('6 entries do not fill a 2 x 2 matrix')
    expect(() => fromFunction(-1, () => undefined)).toThrow('size=-1')
  })
})
