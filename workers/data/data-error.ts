/**
 * What went wrong, so that a caller can offer the fitting remedy:
 * - `network`: the source could not be reached; retry.
 * - `missing`: the source answers, the file is not there; prepare it.
 * - `truncated`: fewer (or more) bytes than announced; fetch or export it again.
 * - `corrupt`: the bytes are not what they claim to be (format or digest).
 * - `shape`: a well-formed file with the wrong arrays, shapes, types or counts.
 * - `value`: right shapes, but a value that cannot be used (NaN, label, only constant images).
 * - `storage`: the browser cannot keep the bytes: no room, or no storage on this page.
 */
export type DataErrorCode = 'network' | 'missing' | 'truncated' | 'corrupt' | 'shape' | 'value' | 'storage'

/** Thrown by everything in this folder; the message names subject, what came, what was expected and the remedy. */
export class DataError extends Error {
  override readonly name = 'DataError'
  readonly code: DataErrorCode

  constructor(code: DataErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Narrows a caught value to a {@link DataError}, optionally to one code. */
export function isDataError(error: unknown, code?: DataErrorCode): error is DataError {
  return error instanceof DataError && (code === undefined || error.code === code)
}

/** Runs a decoder of foreign bytes: whatever it throws becomes a `corrupt` {@link DataError}. */
export function decoding<T>(subject: string, remedy: string, decode: () => T): T {
  try {
    return decode()
  } catch (cause) {
    if (cause instanceof DataError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DataError('corrupt', `${subject}: cannot be decoded (${reason}); ${remedy}`, { cause })
  }
}
