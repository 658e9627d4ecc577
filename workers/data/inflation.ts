/** Guards against files that claim, or turn out, to hold more than a browser can. */
import { DataError } from './data-error.ts'

/** What one dropped file may hold when it is unpacked. */
const MAX_INFLATED_BYTES = 2e9
/** Deflate cannot shrink by more than this, so a larger claim is a damaged or hostile size field. */
const MAX_DEFLATE_RATIO = 1032

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

/**
 * Refuses a claimed size before memory is asked for.
 * @param subject file or member, for messages
 * @param claimed bytes it says it inflates to
 * @param compressed bytes it has
 * @throws DataError `corrupt` for an impossible claim, `shape` above the limit
 */
export function checkInflatedSize(subject: string, claimed: number, compressed: number, remedy: string): void {
  if (claimed > (compressed + 1) * MAX_DEFLATE_RATIO) {
    throw new DataError('corrupt', `${subject}: ${compressed} bytes claim to hold ${claimed}, more than deflate can shrink; ${remedy}`)
  }
  if (claimed > MAX_INFLATED_BYTES) {
    throw new DataError('shape', `${subject}: holds ${gigabytes(claimed)}, the limit is ${gigabytes(MAX_INFLATED_BYTES)}; use a part of it`)
  }
}
