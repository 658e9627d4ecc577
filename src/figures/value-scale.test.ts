import { describe, expect, it } from 'vitest'
import { valueScale } from './value-scale.ts'

describe('valueScale', () => {
  it('is linear when asked for, and when there is nothing finite to scale', () => {
    expect(valueScale('linear', [1, -1], 'light')).toMatchObject({ kind: 'linear', note: '' })
    expect(valueScale('log', [NaN], 'light').kind).toBe('linear')
  })

  it('is a true logarithm for positive values', () => {
    const scale = valueScale('log', [9, 0.1], 'light')
    expect(scale.kind).toBe('log')
    expect(scale.axis.type).toBe('log')
    expect(scale.forward(9)).toBe(9)
  })

  it('is symmetric about zero when a value is not positive, and says where it turns linear', () => {
    const { kind, forward, axis, note } = valueScale('log', [9, 0, -0.5], 'light')
    expect(kind).toBe('symlog')
    expect(forward(0)).toBe(0)
    expect(forward(-3)).toBe(-forward(3))
    expect(forward(9)).toBeGreaterThan(forward(1))
    expect(note).toContain('1 × 10⁻⁴')
    expect(axis.tickvals).toHaveLength(axis.ticktext?.length ?? -1)
    expect(axis.ticktext).toContain('−0.01')
  })
})
