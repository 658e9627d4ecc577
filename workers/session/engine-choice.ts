import { LabError } from '../../src/contracts/errors.ts'
import type { EngineChoice, EngineOption, EngineStatus } from '../../src/contracts/session.ts'
import type { TrainingSettings } from '../../src/contracts/experiment.ts'
import { EngineError, type Engine } from '../engine/engine.ts'
import type { Network } from '../networks/network.ts'
import { freeData, uploadData } from '../networks/resident-data.ts'
import { Trainer } from '../training/trainer.ts'
import type { ConcreteEngine, EngineSource, SessionEnvironment } from './environment.ts'

/** Samples of the throw-away data set that engines are measured on. */
const TRIAL_SAMPLES = 256

/** Milliseconds of measurement per engine. */
const TRIAL_MILLISECONDS = 60

interface Candidate {
  readonly source: EngineSource
  engine: Engine | null
  failure: string | null
  millisecondsPerStep: number | null
}

/** Opens engines, measures them on the network at hand and picks the fastest that may win. */
export class EngineChooser {
  private readonly candidates: readonly Candidate[]

  constructor(private readonly environment: SessionEnvironment) {
    this.candidates = environment.engines.map((source) => ({ source, engine: null, failure: null, millisecondsPerStep: null }))
  }

  /** The engine to use, and the status to show. An explicit choice that cannot be had throws. */
  async choose(choice: EngineChoice, network: Network, training: TrainingSettings): Promise<{ readonly engine: Engine; readonly status: EngineStatus }> {
    const best = choice === 'auto' ? await this.measureAll(network, training) : await this.openNamed(choice)
    if (best.engine === null) throw unavailable(best.source.label, best.failure)
    return { engine: best.engine, status: this.status(best, choice === 'auto') }
  }

  /** Forgets a lost engine, so that the next choice opens it again. */
  drop(engine: Engine): void {
    for (const candidate of this.candidates) if (candidate.engine === engine) candidate.engine = null
  }

  dispose(): void {
    for (const { engine } of this.candidates) engine?.dispose()
  }

  private async openNamed(choice: ConcreteEngine): Promise<Candidate> {
    const candidate = this.candidates.find(({ source }) => source.choice === choice)
    if (candidate === undefined) throw unavailable(choice, 'it is not part of this build')
    await this.open(candidate)
    return candidate
  }

  private async measureAll(network: Network, training: TrainingSettings): Promise<Candidate> {
    const contenders = this.candidates.filter(({ source }) => source.automatic)
    for (const candidate of contenders) await this.open(candidate)
    const able = contenders.filter(({ engine }) => engine !== null && !engine.info.fallbackAdapter)
    for (const candidate of able) candidate.millisecondsPerStep = await this.measure(candidate, network, training)
    const ranked = able.filter(({ millisecondsPerStep }) => millisecondsPerStep !== null)
    ranked.sort((a, b) => (a.millisecondsPerStep ?? 0) - (b.millisecondsPerStep ?? 0))
    const [best] = ranked
    if (best === undefined) throw unavailable('Every engine', contenders.map(({ failure }) => failure).join('; '))
    return best
  }

  private async open(candidate: Candidate): Promise<void> {
    if (candidate.engine !== null) return
    try {
      candidate.engine = await candidate.source.open()
      candidate.failure = null
    } catch (error) {
      candidate.failure = error instanceof Error ? error.message : String(error)
    }
  }

  /** Milliseconds of a training step on made-up data; null, with the failure noted, when the engine cannot do it. */
  private async measure(candidate: Candidate, network: Network, training: TrainingSettings): Promise<number | null> {
    const { engine } = candidate
    if (engine === null) return null
    try {
      return await timeSteps(engine, network, training, this.environment.now)
    } catch (error) {
      candidate.failure = error instanceof EngineError ? error.message : String(error)
      return null
    }
  }

  private status(best: Candidate, automatic: boolean): EngineStatus {
    const options = this.candidates.map(
      ({ source, engine, failure, millisecondsPerStep }): EngineOption => ({
        choice: source.choice,
        label: engine?.info.label ?? source.label,
        available: failure === null,
        note: failure ?? (engine?.info.fallbackAdapter === true ? 'Software adapter: correct, but slower than the CPU engine.' : source.note),
        millisecondsPerStep,
        bitExact: source.bitExact,
      }),
    )
    return { chosen: best.source.choice, automatic, label: best.engine?.info.label ?? best.source.label, options }
  }
}

async function timeSteps(engine: Engine, network: Network, training: TrainingSettings, now: () => number): Promise<number> {
  const images = Float32Array.from({ length: TRIAL_SAMPLES * network.inputSize }, (_, i) => ((i * 37) % 64) / 32 - 1)
  const labels = Uint8Array.from({ length: TRIAL_SAMPLES }, (_, i) => i % network.classes)
  const data = uploadData(engine, images, labels, network.inputSize, 'engine trial')
  const settings = { ...training, batchSize: Math.min(training.batchSize, TRIAL_SAMPLES), learningRate: 1e-6, changes: [] }
  const trainer = new Trainer(engine, network, data, settings, { initialisation: 0, shuffle: 0, probes: 0 })
  try {
    await trainer.advance(1)
    const start = now()
    let steps = 0
    while (now() - start < TRIAL_MILLISECONDS) steps += (await trainer.advance(16)).steps
    return (now() - start) / steps
  } finally {
    trainer.dispose()
    freeData(engine, data)
  }
}

function unavailable(label: string, reason: string | null): LabError {
  return new LabError('device-unavailable', `${label} is not available here: ${reason ?? 'no reason given'}.`, 'Choose "automatic" or the CPU engine.')
}
