import { expect, test } from 'vitest'
import { createFrameThrottle } from './frame-throttle.ts'

/** Frames that the test draws. */
function handDrawn() {
  let due: (() => void) | null = null
  const schedule = (callback: () => void) => {
    due = callback
    return () => {
      due = null
    }
  }
  return { schedule, isDue: () => due !== null, draw: () => due?.() }
}

function setUp() {
  const frames = handDrawn()
  const seen: number[][] = []
  const throttle = createFrameThrottle<number>((events) => seen.push([...events]), frames.schedule)
  return { frames, seen, throttle }
}

test('events of one frame arrive together and in order', () => {
  const { frames, seen, throttle } = setUp()
  throttle.push(1)
  throttle.push(2)
  expect(seen).toEqual([])
  frames.draw()
  throttle.push(3)
  frames.draw()
  expect(seen).toEqual([[1, 2], [3]])
})

test('without events no frame is asked for', () => {
  const { frames, throttle } = setUp()
  expect(frames.isDue()).toBe(false)
  throttle.push(1)
  frames.draw()
  expect(frames.isDue()).toBe(false)
})

test('flush hands over at once and calls the frame off', () => {
  const { frames, seen, throttle } = setUp()
  throttle.push(1)
  throttle.flush()
  throttle.flush()
  expect(seen).toEqual([[1]])
  expect(frames.isDue()).toBe(false)
})

test('an event pushed while events are taken in waits for the next frame', () => {
  const frames = handDrawn()
  const seen: number[] = []
  const throttle = createFrameThrottle<number>((events) => {
    seen.push(...events)
    if (events[0] === 1) throttle.push(2)
  }, frames.schedule)
  throttle.push(1)
  frames.draw()
  expect(seen).toEqual([1])
  frames.draw()
  expect(seen).toEqual([1, 2])
})

test('a stopped throttle drops what waits and takes no more', () => {
  const { frames, seen, throttle } = setUp()
  throttle.push(1)
  throttle.stop()
  throttle.push(2)
  expect(frames.isDue()).toBe(false)
  expect(seen).toEqual([])
})
