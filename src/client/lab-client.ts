import type { Experiment } from '../contracts/experiment.ts'
import type { EngineChoice, FileInput, InspectOptions, LabListener, LabSession } from '../contracts/session.ts'
import type { Connection } from '../contracts/wire.ts'

export interface LabClientOptions {
  /** Absolute URL of the folder that holds `mnist/index.json`. */
  readonly dataUrl: string
  /** Processor cores that the worker may use; all of them by default. */
  readonly cores?: number
  /** Hears every event of the session in order, and the client's own notices. */
  readonly onEvent: LabListener
  readonly onConnection?: (connection: Connection) => void
}

/** Data files of the user and how they were read. */
export interface DataFiles {
  readonly files: readonly FileInput[]
  readonly options: InspectOptions
}

/** What a link cannot carry; null where the experiment needs none. */
export interface UserFiles {
  readonly data: DataFiles | null
  readonly weights: readonly FileInput[] | null
}

/**
 * The lab as the page sees it. Calls reject with a `LabError`; a call whose worker died rejects too, and the client
 * has by then begun to start a new worker and to open the experiment again.
 */
export interface LabClient extends Omit<LabSession, 'connect' | 'open' | 'update' | 'dispose'> {
  /** Opens an experiment on an engine; loads data, builds the network, restores stored results. Never trains. */
  open(experiment: Experiment, engine: EngineChoice): Promise<void>
  /** Latest wins: while one update is on its way only the newest waits. Superseded calls resolve with the newest. */
  update(experiment: Experiment): Promise<void>
  /** Files of the user that the experiment at hand works with. */
  files(): UserFiles
  /** Ends the worker and releases its proxies; calls on their way reject with code `cancelled`. */
  dispose(): Promise<void>
}
