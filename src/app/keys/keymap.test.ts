import { describe, expect, it } from 'vitest'
import { keyAction, panelAt, type KeyContext, type KeyPress } from './keymap.ts'

const free: KeyContext = { presenting: false, typing: false, pressing: false, sliding: false }
const press = (key: string, fields: Partial<KeyPress> = {}): KeyPress => ({ key, ctrlKey: false, altKey: false, metaKey: false, ...fields })

it.each([[' ', 'play'], ['ArrowRight', 'step'], ['r', 'reset'], ['R', 'reset'], ['Escape', 'stop'], ['[', 'earlier'], [']', 'later'], ['F', 'fullScreen'], ['?', 'help']])(
  'key "%s" asks for %s',
  (key, action) => {
    expect(keyAction(press(key), free)?.do).toBe(action)
  },
)

it('digits focus a panel, zero does nothing', () => {
  expect(keyAction(press('3'), free)).toEqual({ do: 'focus', place: 2 })
  expect(keyAction(press('0'), free)).toBeNull()
})

it('typing, buttons and sliders keep their own keys; combinations are the browser’s', () => {
  expect(keyAction(press('r'), { ...free, typing: true })).toBeNull()
  expect(keyAction(press(' '), { ...free, pressing: true })).toBeNull()
  expect(keyAction(press('ArrowRight'), { ...free, sliding: true })).toBeNull()
  expect(keyAction(press('r', { ctrlKey: true }), free)).toBeNull()
})

describe('presenting', () => {
  const presenting = { ...free, presenting: true }

  it('arrows and a clicker turn panels', () => {
    const keys = ['ArrowRight', 'PageDown', 'ArrowLeft', 'PageUp']
    expect(keys.map((key) => keyAction(press(key), presenting)?.do)).toEqual(['nextPanel', 'nextPanel', 'previousPanel', 'previousPanel'])
  })

  it('nothing else moves', () => {
    expect(['r', 's', 't'].map((key) => keyAction(press(key), presenting))).toEqual([null, null, null])
  })
})

it('turning panels stops at the ends', () => {
  const ids = ['training', 'spectrum', 'drift'] as const
  expect([panelAt(ids, 'training', 1), panelAt(ids, 'drift', 1), panelAt(ids, 'training', -1), panelAt(ids, null, 1), panelAt([], null, 1)]).toEqual([
    'spectrum', 'drift', 'training', 'spectrum', null,
  ])
})
