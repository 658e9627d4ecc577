import type { DatasetName } from '../../src/contracts/experiment.ts'
import type { DownloadStatus, LabEvent } from '../../src/contracts/session.ts'
import { downloadDataset, downloadState, removeDownload } from '../data/download.ts'
import type { PreparedName } from '../data/prepared.ts'
import type { ByteSource } from '../data/source.ts'
import { asLabError } from './errors.ts'

/** Milliseconds between two reports of a running download. */
const REPORT_INTERVAL = 200

/** Whole data sets stored in this browser, one download at a time, beside whatever the session computes. */
export class Downloads {
  private running: AbortController | null = null

  constructor(
    private readonly now: () => number,
    private readonly emit: (event: LabEvent) => void,
  ) {}

  /** Null for data that is not stored shard by shard, and where there is nothing to store it in. */
  async status(name: DatasetName, source: ByteSource): Promise<DownloadStatus | null> {
    if (!isPrepared(name) || source.cache === undefined) return null
    try {
      const { totalBytes, storedBytes, complete } = await downloadState(source, name)
      return { name, state: complete ? 'complete' : this.running === null ? 'partial' : 'running', storedBytes, totalBytes, secondsLeft: null }
    } catch (error) {
      throw asLabError(error)
    }
  }

  /** Goes on where an earlier download stopped; resolves when all is stored or it was cancelled. */
  async start(name: DatasetName, source: ByteSource): Promise<void> {
    if (!isPrepared(name) || this.running !== null) return
    const controller = new AbortController()
    this.running = controller
    const report = this.reporter(name)
    try {
      await downloadDataset(source, name, report, controller.signal)
    } catch (error) {
      if (!controller.signal.aborted) throw asLabError(error)
    } finally {
      this.running = null
      const status = await this.status(name, source).catch(() => null)
      if (status !== null) this.emit({ type: 'download', download: status })
    }
  }

  cancel(): void {
    this.running?.abort()
  }

  async remove(name: DatasetName, source: ByteSource): Promise<void> {
    if (!isPrepared(name)) return
    await removeDownload(source, name).catch((error: unknown) => {
      throw asLabError(error)
    })
    const status = await this.status(name, source)
    if (status !== null) this.emit({ type: 'download', download: status })
  }

  private reporter(name: PreparedName) {
    const start = this.now()
    let [last, first] = [-Infinity, null as number | null]
    return ({ bytes, totalBytes }: { readonly bytes: number; readonly totalBytes: number }): void => {
      first ??= bytes
      const elapsed = this.now() - start
      if (this.now() - last < REPORT_INTERVAL && bytes < totalBytes) return
      last = this.now()
      const speed = (bytes - first) / Math.max(1, elapsed)
      const secondsLeft = speed > 0 ? (totalBytes - bytes) / speed / 1000 : null
      this.emit({ type: 'download', download: { name, state: 'running', storedBytes: bytes, totalBytes, secondsLeft } })
    }
  }
}

function isPrepared(name: DatasetName): name is PreparedName {
  return name === 'mnist' || name === 'cifar10'
}
