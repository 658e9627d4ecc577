import { describe, expect, it } from 'vitest'
import katex from 'katex'
import { panelIdSchema } from '../contracts/experiment.ts'
import { lessonOf, panelIds, parseText, symbols } from './index.ts'

it('every panel has a lesson under its own name', () => {
  expect([...panelIds].sort()).toEqual([...panelIdSchema.options].sort())
  for (const id of panelIds) expect(lessonOf(id).id).toBe(id)
})

it('every symbol in a text is defined', () => {
  for (const id of panelIds) {
    const { axes, look, thesis } = lessonOf(id)
    for (const text of [axes, look, thesis]) expect(() => parseText(text)).not.toThrow()
  }
  expect(() => parseText('{nosuch}')).toThrow(/no symbol/)
})

describe('formulas', () => {
  it('KaTeX reads every formula and symbol', () => {
    const formulas = panelIds.flatMap((id) => lessonOf(id).formulas.map((formula) => formula.tex))
    const all = [...formulas, ...Object.values(symbols).map((symbol) => symbol.tex)]
    for (const tex of all) expect(() => katex.renderToString(tex, { throwOnError: true, strict: 'error' })).not.toThrow()
  })
})

it('captions are one sentence', () => {
  for (const id of panelIds) expect(lessonOf(id).caption).toMatch(/^[^.]+\.$/)
})

it('text falls into words and symbols', () => {
  expect(parseText('along {hvec}.')).toEqual([
    { kind: 'words', words: 'along ' },
    { kind: 'symbol', symbol: 'hvec' },
    { kind: 'words', words: '.' },
  ])
})
