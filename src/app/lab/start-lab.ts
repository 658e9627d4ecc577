import { createLabClient } from '../../client/create-lab-client.ts'
import { createReplicaRunner } from '../../client/replica-runner.ts'
import type { LabEvent } from '../../contracts/session.ts'
import { decodePermalink } from '../../permalink/decode-permalink.ts'
import { createFrameThrottle } from '../../state/frame-throttle.ts'
import { createLabStore, labActions } from '../../state/lab-store.ts'
import type { ReplicaNews } from '../../state/replica-state.ts'
import { cores, followFurtherSeeds } from './further-seeds.ts'
import { followAddress } from './address-bar.ts'
import type { Lab } from './lab.ts'
import { labCommands, type LabCommands } from './lab-commands.ts'
import { createPageStore } from './page-state.ts'
import { followTheme } from './theme.ts'

export interface RunningLab {
  readonly lab: Lab
  readonly commands: LabCommands
}

/** Puts store, client and address bar together and opens what the address says. */
export function startLab(): RunningLab {
  const store = createLabStore()
  const actions = labActions(store)
  const link = decodePermalink(window.location.hash, window.location.search)
  actions.openLink(link)
  const throttle = createFrameThrottle<LabEvent>(actions.receive)
  const dataUrl = new URL('data', document.baseURI).href
  const client = createLabClient({
    dataUrl,
    onEvent: throttle.push,
    onConnection: (connection) => {
      throttle.flush()
      actions.setConnection(connection)
    },
  })
  const seeds = followFurtherSeeds({
    store,
    actions,
    client,
    runner: createReplicaRunner({ dataUrl, cores: cores() }),
    throttle: createFrameThrottle<ReplicaNews>(actions.receiveReplicas),
  })
  const lab: Lab = { store, actions, client, seeds, page: createPageStore(), embed: link.embed, flush: throttle.flush }
  const commands = labCommands(lab)
  followTheme(lab)
  followAddress(lab, commands)
  void commands.start()
  return { lab, commands }
}
