import type { DownloadStatus } from '../../contracts/session.ts'
import { DATASET_TITLES } from '../format/names.ts'
import { formatBytes, formatDuration } from '../format/quantity.ts'

/** How much of a data set is stored, and how long the rest takes. */
export function downloadLine({ name, state, storedBytes, totalBytes, secondsLeft }: DownloadStatus): string {
  const title = DATASET_TITLES[name]
  const part = `${formatBytes(storedBytes)} of ${formatBytes(totalBytes)}`
  switch (state) {
    case 'complete':
      return `All of ${title} is stored for use without a network, ${formatBytes(totalBytes)}.`
    case 'running':
      return secondsLeft === null ? `Storing ${title}: ${part}.` : `Storing ${title}: ${part}, ${formatDuration(secondsLeft)} left.`
    case 'partial':
      return storedBytes === 0
        ? `${title} is loaded as far as it is needed. Stored as a whole it can be used without a network.`
        : `${part} of ${title} are stored; the rest is loaded when it is needed.`
  }
}
