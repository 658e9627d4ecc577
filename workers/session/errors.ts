import { LabError, toLabErrorData, type LabErrorCode, type LabErrorData } from '../../src/contracts/errors.ts'
import { isDataError, type DataErrorCode } from '../data/data-error.ts'
import { EngineError, type EngineErrorCode } from '../engine/engine.ts'

const DATA: Readonly<Record<DataErrorCode, readonly [LabErrorCode, string]>> = {
  network: ['network-unreachable', 'Check the connection and try again; what was loaded before works offline.'],
  missing: ['bad-data', 'Prepare the data again with `npm start`.'],
  truncated: ['bad-data', 'Export or download the file again.'],
  corrupt: ['bad-data', 'Export or download the file again.'],
  shape: ['bad-data', 'Change the file or the settings so that the sizes agree.'],
  value: ['bad-data', 'Correct the file and drop it again.'],
  storage: ['out-of-memory', 'Make room in this browser, or go on without storing the data.'],
}

const ENGINE: Readonly<Record<EngineErrorCode, readonly [LabErrorCode, string]>> = {
  memory: ['out-of-memory', 'Use fewer samples, one layer instead of all, or a smaller network.'],
  unavailable: ['device-unavailable', 'Choose "automatic" or the CPU engine.'],
  buffer: ['internal', 'Reset the run; if it happens again, please report the link.'],
  compile: ['internal', 'Choose the CPU engine and report the link, please.'],
  lost: ['device-lost', 'The CPU engine goes on from the last checkpoint; choose WebGPU again when the device is back.'],
}

/** Anything thrown below the session, as an error that people can read. */
export function asLabError(error: unknown): LabError {
  if (error instanceof LabError) return error
  const { code, message, remedy } = describe(error)
  return new LabError(code, message, remedy, { cause: error })
}

function describe(error: unknown): LabErrorData {
  if (isDataError(error)) return entry(DATA[error.code], error.message)
  if (error instanceof EngineError) return entry(ENGINE[error.code], error.message)
  if (error instanceof Error && error.name === 'AbortError') return entry(['cancelled', 'Ask again if it is still wanted.'], error.message)
  if (error instanceof RangeError) return entry(isAllocation(error) ? ENGINE.memory : ['bad-settings', 'Change the setting that the message names.'], error.message)
  return toLabErrorData(error)
}

/** Runtimes report memory that they cannot give as a RangeError; other ones name an impossible request. */
function isAllocation({ message }: RangeError): boolean {
  return /allocation|array length|string length|typed array|out of memory/i.test(message)
}

function entry([code, remedy]: readonly [LabErrorCode, string], message: string): LabErrorData {
  return { code, message, remedy }
}
