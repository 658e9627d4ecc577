import { describe, expect, test } from 'vitest'
import { Jobs } from './jobs.ts'

/** A job that ends when it is told to or when its signal aborts. */
function controlled() {
  const log: string[] = []
  const work = (name: string) => (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      log.push(`${name} begins`)
      const end = (): void => {
        log.push(`${name} ends${signal.aborted ? ' early' : ''}`)
        resolve()
      }
      signal.addEventListener('abort', end)
      setTimeout(() => (signal.aborted ? undefined : end()), 5)
    })
  return { log, work }
}

describe('jobs', () => {
  test('run one after the other, in the order asked for', async () => {
    const { log, work } = controlled()
    const jobs = new Jobs()
    await Promise.all([jobs.run('setup', work('a')), jobs.run('compute', work('b')), jobs.run('setup', work('c'))])
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  test('a failure reaches its caller and not the next job', async () => {
    const { log, work } = controlled()
    const jobs = new Jobs()
    const failing = jobs.run('compute', () => Promise.reject(new Error('broken')))
    const next = jobs.run('compute', work('b'))
    await expect(failing).rejects.toThrow('broken')
    await next
    expect(log).toEqual(['b begins', 'b ends'])
  })

  test('stopping computations lets the setup finish and skips what waits', async () => {
    const { log, work } = controlled()
    const jobs = new Jobs()
    const all = [jobs.run('setup', work('a')), jobs.run('compute', work('b')), jobs.run('setup', work('c'))]
    await jobs.stop('compute')
    await Promise.all(all)
    expect(log).toEqual(['a begins', 'a ends', 'c begins', 'c ends'])
  })

  test('stopping everything ends the running job and rejects a setup that waits', async () => {
    const { log, work } = controlled()
    const jobs = new Jobs()
    const running = jobs.run('compute', work('a'))
    const waiting = jobs.run('setup', work('b'))
    await Promise.resolve()
    const stopped = jobs.stop()
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
    await Promise.all([running, stopped])
    expect(log).toEqual(['a begins', 'a ends early'])
  })

  test('are idle when nothing runs or waits', async () => {
    const { work } = controlled()
    const jobs = new Jobs()
    expect(jobs.idle).toBe(true)
    const running = jobs.run('compute', work('a'))
    expect(jobs.idle).toBe(false)
    await running
    expect(jobs.idle).toBe(true)
  })
})
