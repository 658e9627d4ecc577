import { describe, expect, test } from 'vitest'
import { decodePermalink } from './decode-permalink.ts'
import { experimentSchema } from '../contracts/experiment.ts'
import { upgradeExperiment } from '../contracts/upgrade-experiment.ts'
import golden from './golden-links.json'
import { migrate, type Migration } from './migrations.ts'

/** Links that were published must open as the same experiment for ever: entries are added, never changed. */
describe('golden links', () => {
  test.each(golden)('$name', ({ link, experiment, fingerprint, engine }) => {
    const decoded = decodePermalink(link)
    expect(decoded.notices).toEqual([])
    expect(decoded.experiment).toEqual(experimentSchema.parse(upgradeExperiment(experiment)))
    expect(decoded.fingerprint).toEqual(fingerprint)
    expect(decoded.engine).toBe(engine)
  })
})

describe('migrations', () => {
  const rename = (from: string, to: string): Migration => (parameters) =>
    new Map([...parameters].map(([key, text]) => [key === from ? to : key, text]))
  const steps = [rename('rate', 'eta'), rename('eta', 'learningRate')]

  test('a link passes through every version after its own', () => {
    expect(migrate(new Map([['rate', '1']]), 1, steps, 1)).toEqual(new Map([['learningRate', '1']]))
    expect(migrate(new Map([['eta', '1']]), 2, steps, 1)).toEqual(new Map([['learningRate', '1']]))
  })

  test('a link of the latest version stays as it is', () => {
    expect(migrate(new Map([['eta', '1']]), 3, steps, 1)).toEqual(new Map([['eta', '1']]))
  })
})
