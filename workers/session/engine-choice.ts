import { LabError } from '../../src/contracts/errors.ts'
import type { EngineChoice, EngineOption, EngineStatus } from '../../src/contracts/session.ts'
import type { TrainingSettings } from '../../src/contracts/experiment.ts'
import type { Engine } from '../engine/engine.ts'
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
  /** Why the automatic choice passes it over from now on. */
  lost: string | null
  millisecondsPerStep: number | null
}

/** An engine in use and the status to show. */
export interface ChosenEngine {
  readonly engine: Engine
  readonly status: EngineStatus
}

/** Opens engines, measures them on the network at hand and picks the fastest that may win. */
export class EngineChooser {
  private readonly candidates: readonly Candidate[]

  constructor(private readonly environment: SessionEnvironment) {
    this.candidates = environment.engines.map((source) => ({ source, engine: null, failure: null, lost: null, millisecondsPerStep: null }))
  }

  /** The engine to use, and the status to show. An explicit choice that cannot be had throws. */
  async choose(choice: EngineChoice, network: Network, training: TrainingSettings): Promise<ChosenEngine> {
    const automatic = choice === 'auto'
    const best = automatic ? await this.fastest(network, training) : await this.named(choice, network, training)
    if (best.engine === null) throw unavailable(best.source.label, best.failure)
    return { engine: best.engine, status: this.status(best, best.engine, automatic) }
  }

  /** Gives a lost engine up; from now on only an explicit choice opens it again. */
  giveUp(engine: Engine, reason: string): void {
    for (const candidate of this.candidates) {
      if (candidate.engine !== engine) continue
      candidate.engine = null
      candidate.lost = reason
      engine.dispose()
    }
  }

  dispose(): void {
    for (const { engine } of this.candidates) engine?.dispose()
  }

  private async named(choice: ConcreteEngine, network: Network, training: TrainingSettings): Promise<Candidate> {
    const candidate = this.candidates.find(({ source }) => source.choice === choice)
    if (candidate === undefined) throw unavailable(choice, 'it is not part of this build')
    await this.open(candidate)
    await this.measure(candidate, network, training)
    if (candidate.failure !== null) throw unavailable(candidate.source.label, candidate.failure)
    candidate.lost = null
    return candidate
  }

  private async fastest(network: Network, training: TrainingSettings): Promise<Candidate> {
    const contenders = this.candidates.filter(({ source }) => source.automatic)
    const present = contenders.filter(({ lost }) => lost === null)
    for (const candidate of present) await this.open(candidate)
    const able = present.filter(({ engine }) => engine?.info.fallbackAdapter === false)
    for (const candidate of able) await this.measure(candidate, network, training)
    const [best] = able.filter(({ millisecondsPerStep }) => millisecondsPerStep !== null).sort(bySpeed)
    if (best === undefined) throw unavailable('Every engine', contenders.map((candidate) => `${candidate.source.label}: ${noteOf(candidate) ?? 'not measured'}`).join('; '))
    return best
  }

  private async open(candidate: Candidate): Promise<void> {
    candidate.failure = null
    if (candidate.engine !== null) return
    try {
      candidate.engine = await candidate.source.open()
    } catch (error) {
      candidate.failure = messageOf(error)
    }
  }

  /** Notes the milliseconds of a training step on made-up data, or the failure of an engine that cannot do it. */
  private async measure(candidate: Candidate, network: Network, training: TrainingSettings): Promise<void> {
    candidate.millisecondsPerStep = null
    if (candidate.engine === null) return
    try {
      candidate.millisecondsPerStep = await timeSteps(candidate.engine, network, training, this.environment.now)
    } catch (error) {
      candidate.failure = messageOf(error)
    }
  }

  private status(best: Candidate, chosen: Engine, automatic: boolean): EngineStatus {
    const options = this.candidates.map(
      (candidate): EngineOption => ({
        choice: candidate.source.choice,
        label: candidate.engine?.info.label ?? candidate.source.label,
        available: candidate.failure === null,
        note: noteOf(candidate) ?? candidate.source.note,
        millisecondsPerStep: candidate.millisecondsPerStep,
        bitExact: candidate.engine?.info.bitExact ?? candidate.source.bitExact,
      }),
    )
    return { chosen: best.source.choice, automatic, label: chosen.info.label, options }
  }
}

/** Why an engine is not, or should not be, used. */
function noteOf({ failure, lost, engine }: Candidate): string | null {
  if (failure !== null) return failure
  if (lost !== null) return `Lost a moment ago (${lost}); choose it to try again.`
  return engine?.info.fallbackAdapter === true ? 'Software adapter: correct, but slower than the CPU engine.' : null
}

function bySpeed(a: Candidate, b: Candidate): number {
  return (a.millisecondsPerStep ?? Infinity) - (b.millisecondsPerStep ?? Infinity)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function timeSteps(engine: Engine, network: Network, training: TrainingSettings, now: () => number): Promise<number> {
  const images = Float32Array.from({ length: TRIAL_SAMPLES * network.inputSize }, (_, i) => ((i * 37) % 64) / 32 - 1)
  const labels = Uint8Array.from({ length: TRIAL_SAMPLES }, (_, i) => i % network.classes)
  const data = uploadData(engine, images, labels, network.inputSize, 'engine trial')
  const settings = { ...training, batchSize: Math.min(training.batchSize, TRIAL_SAMPLES), learningRate: 1e-6, changes: [] }
  const trainer = new Trainer(engine, network, data, settings, { initialisation: 0, shuffle: 0, probes: 0, repeats: 1 })
  try {
    await trainer.advance(1)
    const start = now()
    let steps = 0
    // Bursts grow, so that a slow engine is measured on one step and a fast one on many.
    for (let burst = 1; steps === 0 || now() - start < TRIAL_MILLISECONDS; burst = Math.min(16, 2 * burst)) steps += (await trainer.advance(burst)).steps
    return (now() - start) / steps
  } finally {
    trainer.dispose()
    freeData(engine, data)
  }
}

function unavailable(label: string, reason: string | null): LabError {
  return new LabError('device-unavailable', `${label} is not available here: ${reason ?? 'no reason given'}.`, 'Choose "automatic" or the CPU engine.')
}
