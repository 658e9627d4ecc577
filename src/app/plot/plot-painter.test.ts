import { describe, expect, it } from 'vitest'
import { driftFigure } from '../../figures/drift-figure.ts'
import type { FigureSpec } from '../../figures/figure-spec.ts'
import { componentsFixture, OPTIONS } from '../../figures/fixtures.ts'
import type { PickedPoint } from './plot-props.ts'
import { PlotPainter, type PaintingPlotly } from './plot-painter.ts'

const figure = driftFigure(componentsFixture(20), OPTIONS)
const numbered = (n: number): FigureSpec => ({ ...figure, layout: { ...figure.layout, uirevision: n } })

/** A painter whose frames and drawings end when the test says so. */
function stage(size = { clientWidth: 400, clientHeight: 300 }) {
  const frames: (() => void)[] = []
  const drawn: { revision: unknown; width: unknown }[] = []
  const finish: (() => void)[] = []
  const rests: number[] = []
  const clock = { now: 0 }
  const picked: PickedPoint[] = []
  let purged = 0
  let click: ((event: unknown) => void) | null = null
  const element = Object.assign({}, size) as HTMLElement
  const drawing = { on: (_: string, handler: (event: unknown) => void) => (click = handler), querySelectorAll: () => [] }
  const plotly = {
    react: (_: unknown, __: unknown, layout: { uirevision: unknown; width: unknown }) => {
      drawn.push({ revision: layout.uirevision, width: layout.width })
      return new Promise((resolve) => finish.push(() => {
        resolve(drawing)
      }))
    },
    purge: () => (purged += 1),
  } as unknown as PaintingPlotly
  const painter = new PlotPainter(plotly, element, (callback, rest) => {
    rests.push(rest)
    frames.push(callback)
    return () => frames.splice(frames.indexOf(callback), 1)
  }, (point) => picked.push(point), () => clock.now)
  const nextFrame = () => frames.splice(0).forEach((frame) => {
    frame()
  })
  const endDrawing = async () => {
    finish.splice(0).forEach((end) => {
      end()
    })
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  return { painter, element, frames, rests, clock, drawn, picked, nextFrame, endDrawing, purged: () => purged, click: (event: unknown) => click?.(event) }
}

describe('PlotPainter', () => {
  it('draws once a frame, and only the newest figure', () => {
    const { painter, frames, drawn, nextFrame } = stage()
    for (const n of [1, 2, 3]) painter.show(numbered(n))
    expect(frames).toHaveLength(1)
    nextFrame()
    expect(drawn).toEqual([{ revision: '3 0', width: 400 }])
  })

  it.each([
    { took: 20, rest: 180 },
    { took: 500, rest: 600 },
  ])('rests $rest ms after a drawing of $took ms', async ({ took, rest }) => {
    const { painter, rests, clock, nextFrame, endDrawing } = stage()
    painter.show(numbered(1))
    nextFrame()
    clock.now += took
    await endDrawing()
    painter.show(numbered(2))
    expect(rests).toEqual([0, rest])
  })

  it('waits for a running drawing and then draws the newest figure', async () => {
    const { painter, frames, drawn, nextFrame, endDrawing } = stage()
    painter.show(numbered(1))
    nextFrame()
    painter.show(numbered(2))
    painter.show(numbered(3))
    expect(frames).toHaveLength(0)
    await endDrawing()
    nextFrame()
    expect(drawn.map(({ revision }) => revision)).toEqual(['1 0', '3 0'])
  })

  it('draws nothing into an element without size, and catches up when it has one', () => {
    const { painter, element, drawn, nextFrame } = stage({ clientWidth: 0, clientHeight: 0 })
    painter.show(figure)
    nextFrame()
    expect(drawn).toEqual([])
    Object.assign(element, { clientWidth: 500, clientHeight: 200 })
    painter.resized()
    nextFrame()
    expect(drawn.map(({ width }) => width)).toEqual([500])
  })

  it('resetting the view starts a new interface revision', async () => {
    const { painter, drawn, nextFrame, endDrawing } = stage()
    painter.show(numbered(1))
    nextFrame()
    await endDrawing()
    painter.resetView()
    nextFrame()
    expect(drawn.map(({ revision }) => revision)).toEqual(['1 0', '1 1'])
  })

  it('hands over the mark that was clicked', async () => {
    const { painter, picked, nextFrame, endDrawing, click } = stage()
    painter.show(figure)
    nextFrame()
    await endDrawing()
    click({ points: [{ x: 3, y: 0.5, data: { name: 'converged' } }] })
    click({ points: [] })
    expect(picked).toEqual([{ trace: 'converged', x: 3, y: 0.5 }])
  })

  it('leaves the figure as it was', () => {
    const { painter, nextFrame } = stage()
    const before = structuredClone(figure)
    painter.show(figure)
    nextFrame()
    expect(figure).toEqual(before)
  })

  it('withdraws its frame and purges when destroyed, once drawn', () => {
    const early = stage()
    early.painter.show(figure)
    early.painter.destroy()
    expect([early.frames.length, early.purged()]).toEqual([0, 0])
    const late = stage()
    late.painter.show(figure)
    late.nextFrame()
    late.painter.destroy()
    late.painter.show(figure)
    expect([late.frames.length, late.purged()]).toEqual([0, 1])
  })
})
