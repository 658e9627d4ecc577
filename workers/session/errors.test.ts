import { describe, expect, test } from 'vitest'
import { LabError } from '../../src/contracts/errors.ts'
import { DataError } from '../data/data-error.ts'
import { EngineError } from '../engine/engine.ts'
import { asLabError } from './errors.ts'

const aborted = (): unknown => {
  const controller = new AbortController()
  controller.abort()
  return controller.signal.reason
}

function thrownBy(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  throw new Error('expected an error')
}

describe('what was thrown below, as an error for people', () => {
  test.each([
    ['a file that is not there', new DataError('missing', 'x: no such file'), 'bad-data'],
    ['a network that does not answer', new DataError('network', 'x: offline'), 'network-unreachable'],
    ['memory that an engine does not give', new EngineError('memory', 'x needs 5 GB'), 'out-of-memory'],
    ['a lost device', new EngineError('lost', 'driver reset'), 'device-lost'],
    ['memory that the runtime does not give', thrownBy(() => new Float64Array(2 ** 53 - 1)), 'out-of-memory'],
    ['a request that cannot be met', new RangeError('lanczos: maxProducts=3 cannot give 7 pairs; allow at least 7'), 'bad-settings'],
    ['an aborted load', aborted(), 'cancelled'],
    ['anything else', new TypeError('x is undefined'), 'internal'],
  ])('%s', (_, error, code) => {
    const known = asLabError(error)
    expect(known.code).toBe(code)
    expect(known.message).toBe(error instanceof Error ? error.message : '')
    expect(known.remedy).not.toBe('')
  })

  test('a LabError stays itself', () => {
    const error = new LabError('diverged', 'm', 'r')
    expect(asLabError(error)).toBe(error)
  })
})
