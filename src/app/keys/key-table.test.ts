import { describe, expect, it } from 'vitest'
import { keyAction } from './key-table.ts'

const PANELS = ['training', 'spectrum'] as const

describe('keys', () => {
  it('act whatever the shift state of a letter', () => {
    expect([keyAction('r', PANELS), keyAction('R', PANELS)]).toEqual([{ kind: 'reset' }, { kind: 'reset' }])
  })

  it('digits go to the panels in their order, as far as there are any', () => {
    expect([keyAction('2', PANELS), keyAction('3', PANELS), keyAction('0', PANELS)]).toEqual([{ kind: 'focusPanel', id: 'spectrum' }, null, null])
  })

  it('every other key is left alone', () => {
    expect([keyAction('x', PANELS), keyAction('Tab', PANELS), keyAction('F5', PANELS)]).toEqual([null, null, null])
  })
})
