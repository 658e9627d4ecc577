/**
 * Errors that people read. They cross the worker boundary as plain data, so the tag is a string and never a class.
 */
export type LabErrorCode =
  | 'bad-settings'
  | 'bad-data'
  | 'bad-weights'
  | 'network-unreachable'
  | 'diverged'
  | 'not-finite'
  | 'out-of-memory'
  | 'device-unavailable'
  | 'device-lost'
  | 'not-ready'
  | 'cancelled'
  | 'internal'

/** What was wrong with its value, what was expected, what to do. */
export interface LabErrorData {
  readonly code: LabErrorCode
  readonly message: string
  readonly remedy: string
}

/** The one error class that workers throw on purpose. */
export class LabError extends Error implements LabErrorData {
  override readonly name = 'LabError'
  readonly code: LabErrorCode
  readonly remedy: string

  constructor(code: LabErrorCode, message: string, remedy: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
    this.remedy = remedy
  }
}

/** Any thrown value as data. Unknown errors keep their message and are marked internal. */
export function toLabErrorData(error: unknown): LabErrorData {
  if (isLabErrorData(error)) return { code: error.code, message: error.message, remedy: error.remedy }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'internal', message, remedy: 'Reload the page; what was computed is kept. If it happens again, please report the link.' }
}

export function isLabErrorData(value: unknown): value is LabErrorData {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'remedy' in value
}
