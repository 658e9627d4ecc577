import type { Analysis } from '../../src/contracts/experiment.ts'
import type { AnalysisKind, LabResult } from '../../src/contracts/results.ts'
import type { Artifact } from './analysis-artifacts.ts'
import type { AnalysisContext } from './analysis-context.ts'
import { runPrincipalComponents } from './components-stage.ts'
import { runDemonstration } from './demonstration-stage.ts'
import { runDensity } from './density-stage.ts'
import { runHessian } from './hessian-stage.ts'
import { runNoiseFiltering } from './noise-filtering-stage.ts'
import { runSingularValues } from './singular-values-stage.ts'
import { runTrace } from './trace-stage.ts'
import { runWholeSpectrum } from './whole-spectrum-stage.ts'

type Run<A> = (context: AnalysisContext, index: number, settings: A) => Artifact | null | Promise<Artifact | null>

type Runs = { readonly [K in AnalysisKind]: Run<Extract<Analysis, { kind: K }>> }

const RUNS: Runs = {
  hessian: runHessian,
  singularValues: runSingularValues,
  principalComponents: runPrincipalComponents,
  wholeSpectrum: runWholeSpectrum,
  density: runDensity,
  trace: runTrace,
  demonstration: runDemonstration,
  noiseFiltering: runNoiseFiltering,
}

/** Computes or restores one analysis; null when it was stopped before there was anything. */
export const RUN: Readonly<Record<AnalysisKind, Run<Analysis>>> = RUNS as Readonly<Record<AnalysisKind, Run<Analysis>>>

/** Kinds of result that follow from analyses: overlaps and statistics need all of them. */
export function kindsOf(analyses: readonly Analysis[]): readonly LabResult['kind'][] {
  const kinds = analyses.map(({ kind }): LabResult['kind'] => (kind === 'hessian' ? 'spectrum' : kind))
  return analyses.length === 0 ? [] : [...new Set([...kinds, ...DERIVED])]
}

const DERIVED = ['overlap', 'spacings', 'eigenvectors', 'check'] as const
