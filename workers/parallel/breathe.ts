/**
 * Lets messages in. Promises and `scheduler.yield()` starve a worker's message queue; a message to oneself does not,
 * and unlike timers it is not clamped to 4 ms.
 */
export function createBreath(): () => Promise<void> {
  if (typeof setImmediate === 'function') return () => new Promise((resolve) => setImmediate(resolve))
  const channel = new MessageChannel()
  const waiting: (() => void)[] = []
  channel.port1.onmessage = () => waiting.shift()?.()
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      channel.port2.postMessage(null)
    })
}

declare const setImmediate: ((callback: () => void) => void) | undefined
