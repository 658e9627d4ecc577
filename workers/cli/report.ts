import type { LabEvent, LabListener } from '../../src/contracts/session.ts'
import { resultLine } from './result-line.ts'

/** Turns session events into lines for a terminal. Progress is told when it has moved by a tenth. */
export function createReporter(print: (line: string) => void): LabListener {
  let lastProgress = ''
  let lastEpoch = -1
  return (event) => {
    const line = lineOf(event)
    if (line === null) return
    if (event.type === 'progress') {
      const { what, step, of } = event.progress
      const tenth = `${what.split(':')[0]}${Math.floor((10 * step) / Math.max(1, of))}`
      if (tenth === lastProgress) return
      lastProgress = tenth
    }
    if (event.type === 'training') {
      const epoch = event.update.history?.epoch.at(-1) ?? -1
      if (epoch === lastEpoch) return
      lastEpoch = epoch
    }
    print(line)
  }
}

function lineOf(event: LabEvent): string | null {
  switch (event.type) {
    case 'engine':
      return `Engine: ${event.engine.label}${event.engine.automatic ? ' (chosen by measurement)' : ''}`
    case 'data':
      return `Data: ${event.data.name}, ${event.data.trainSamples} + ${event.data.testSamples} samples`
    case 'network':
      return `Network: ${event.network.layers}, ${event.network.parameterCount} parameters`
    case 'progress':
      return event.progress.what
    case 'training': {
      const { history, epochs } = event.update
      const last = (history?.epoch.length ?? 0) - 1
      if (history === null || last < 0) return null
      const percent = (value: number): string => `${(100 * value).toFixed(2)} %`
      return `Epoch ${history.epoch[last]} of ${epochs}: train loss ${history.trainLoss[last].toFixed(4)}, test accuracy ${percent(history.testAccuracy[last])}`
    }
    case 'result':
      return resultLine(event.result)
    case 'notice':
      return `${event.notice.message}${event.notice.remedy === null ? '' : ` ${event.notice.remedy}`}`
    default:
      return null
  }
}
