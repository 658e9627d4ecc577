import type { Experiment } from '../contracts/experiment.ts'
import type { LabClient, LabClientOptions } from './lab-client.ts'
import { latest } from './latest.ts'
import { Reopening } from './reopening.ts'
import { startLabWorker } from './start-lab-worker.ts'
import { Supervisor } from './supervisor.ts'
import type { LabPort } from './worker-link.ts'

/** Starts a lab worker and connects to it. Calls made before it is ready wait for it. */
export function createLabClient(options: LabClientOptions, startWorker: () => LabPort = startLabWorker): LabClient {
  const reopening = new Reopening()
  const lab = new Supervisor(startWorker, options, reopening)
  return {
    open: (experiment, engine) => {
      const openOptions = { engine, dataUrl: options.dataUrl, ...(options.cores === undefined ? {} : { cores: options.cores }) }
      return lab.call((session) => {
        reopening.noteOpened(experiment, openOptions)
        return session.open(experiment, openOptions)
      })
    },
    update: latest((experiment: Experiment) => {
      reopening.noteExperiment(experiment)
      return lab.call((session) => session.update(experiment))
    }),
    runAll: () => lab.call((session) => session.runAll()),
    train: () => lab.call((session) => session.train()),
    step: (unit) => lab.call((session) => session.step(unit)),
    analyse: (checkpoint) => lab.call((session) => session.analyse(checkpoint)),
    check: (analysis) => lab.call((session) => session.check(analysis)),
    pause: () => lab.call((session) => session.pause()),
    reset: () => lab.call((session) => session.reset()),
    cancel: () => lab.call((session) => session.cancel()),
    change: (change) => lab.call((session) => session.change(change)),
    chooseEngine: (choice) => {
      reopening.noteEngine(choice)
      return lab.call((session) => session.chooseEngine(choice))
    },
    inspectData: async (files, inspectOptions) => {
      const preview = await lab.call((session) => session.inspectData(files, inspectOptions))
      reopening.noteInspected({ files, options: inspectOptions })
      return preview
    },
    adoptData: async () => {
      await lab.call((session) => session.adoptData())
      reopening.noteAdopted()
    },
    previewData: () => lab.call((session) => session.previewData()),
    downloadStatus: (name) => lab.call((session) => session.downloadStatus(name)),
    download: (name) => lab.call((session) => session.download(name)),
    cancelDownload: () => lab.call((session) => session.cancelDownload()),
    removeDownload: (name) => lab.call((session) => session.removeDownload(name)),
    sketchNetwork: (experiment) => lab.call((session) => session.sketchNetwork(experiment)),
    importWeights: async (files) => {
      await lab.call((session) => session.importWeights(files))
      reopening.noteWeights(files)
    },
    exportWeights: (format) => lab.call((session) => session.exportWeights(format)),
    exportRun: () => lab.call((session) => session.exportRun()),
    exportResult: (kind, overlap) => lab.call((session) => session.exportResult(kind, overlap)),
    files: () => reopening.files,
    dispose: () => lab.dispose(),
  }
}
