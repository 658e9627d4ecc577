import type { LabClient } from '../../client/lab-client.ts'
import type { EmbedOptions } from '../../permalink/link.ts'
import type { LabActions, LabStore } from '../../state/lab-store.ts'
import type { FurtherSeeds } from './further-seeds.ts'
import type { PageStore } from './page-state.ts'

/** The parts that the page is made of, put together once at the start. */
export interface Lab {
  readonly store: LabStore
  readonly actions: LabActions
  readonly client: LabClient
  readonly seeds: FurtherSeeds
  readonly page: PageStore
  readonly embed: EmbedOptions
  /** Brings events that wait for the next frame into the store now. */
  readonly flush: () => void
}
