import type { Pacing } from './deps.ts'

/** A pacing that lets the event loop turn and can be stopped; `ticks` counts the breaths. */
export function testPacing(): Pacing & { readonly stop: () => void; readonly ticks: () => number } {
  const controller = new AbortController()
  let ticks = 0
  return {
    signal: controller.signal,
    now: () => performance.now(),
    breathe: async () => {
      ticks++
      await Promise.resolve()
    },
    stop: () => controller.abort(),
    ticks: () => ticks,
  }
}
