import { fileURLToPath } from 'node:url'
import type { Experiment } from '../../src/contracts/experiment.ts'
import type { LabResult, OverlapResult, SpectrumResult } from '../../src/contracts/results.ts'
import type { EngineChoice, LabEvent } from '../../src/contracts/session.ts'
import { decodePermalink } from '../../src/permalink/decode-permalink.ts'
import { nodeEnvironment } from '../../workers/cli/node-environment.ts'
import { createSession } from '../../workers/session/session.ts'

/** Where the prepared data lie, as the session of the page sees it. */
export const DATA_URL = new URL('../../public/data/', import.meta.url).href

/** Project root, for commands. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** What a headless run of a link gives. */
export interface HeadlessRun {
  readonly fingerprint: string | null
  readonly testAccuracy: number
  /** The last result of a kind; throws when there is none. */
  result<K extends LabResult['kind']>(kind: K): Extract<LabResult, { kind: K }>
  readonly spectrum: SpectrumResult
  overlap(kind: OverlapResult['overlap']): OverlapResult
}

/** Runs the experiment of a link in Node, with the code of `npm run lab`. */
export async function runHeadless(link: string, engine: EngineChoice): Promise<HeadlessRun> {
  const experiment: Experiment = decodePermalink(link).experiment
  const results: LabResult[] = []
  let fingerprint: string | null = null
  let testAccuracy = NaN
  const session = createSession(nodeEnvironment())
  await session.connect((event: LabEvent) => {
    if (event.type === 'result') results.push(event.result)
    if (event.type !== 'training') return
    fingerprint = event.update.fingerprint
    testAccuracy = event.update.history?.testAccuracy.at(-1) ?? testAccuracy
  })
  await session.open(experiment, { engine, dataUrl: DATA_URL })
  await session.runAll()
  await session.dispose()
  const result = <K extends LabResult['kind']>(kind: K): Extract<LabResult, { kind: K }> => {
    const found = results.findLast((one): one is Extract<LabResult, { kind: K }> => one.kind === kind)
    if (found === undefined) throw new Error(`the headless run gave no ${kind}`)
    return found
  }
  const overlap = (kind: OverlapResult['overlap']): OverlapResult => {
    const found = results.findLast((result): result is OverlapResult => result.kind === 'overlap' && result.overlap === kind)
    if (found === undefined) throw new Error(`the headless run gave no overlap ${kind}`)
    return found
  }
  return {
    fingerprint,
    testAccuracy,
    result,
    get spectrum() {
      return result('spectrum')
    },
    overlap,
  }
}
