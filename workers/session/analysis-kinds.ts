import type { Analysis } from '../../src/contracts/experiment.ts'
import type { AnalysisKind, LabResult } from '../../src/contracts/results.ts'
import type { Artifact } from './analysis-artifacts.ts'
import type { AnalysisContext } from './analysis-context.ts'

type Run<A> = (context: AnalysisContext, index: number, settings: A) => Artifact | null | Promise<Artifact | null>

type Runs = { readonly [K in AnalysisKind]: Run<Extract<Analysis, { kind: K }>> }

/** What the first view does not need is loaded when it is first asked for. */
const RUNS: Runs = {
  hessian: async (...given) => (await import('./hessian-stage.ts')).runHessian(...given),
  singularValues: async (...given) => (await import('./singular-values-stage.ts')).runSingularValues(...given),
  principalComponents: async (...given) => (await import('./components-stage.ts')).runPrincipalComponents(...given),
  wholeSpectrum: async (...given) => (await import('./whole-spectrum-stage.ts')).runWholeSpectrum(...given),
  density: async (...given) => (await import('./density-stage.ts')).runDensity(...given),
  trace: async (...given) => (await import('./trace-stage.ts')).runTrace(...given),
  demonstration: async (...given) => (await import('./demonstration-stage.ts')).runDemonstration(...given),
  noiseFiltering: async (...given) => (await import('./noise-filtering-stage.ts')).runNoiseFiltering(...given),
}

/** Computes or restores one analysis; null when it was stopped before there was anything. */
export const RUN: Readonly<Record<AnalysisKind, Run<Analysis>>> = RUNS as Readonly<Record<AnalysisKind, Run<Analysis>>>

/** Kinds of result that follow from analyses: overlaps and statistics need all of them. */
export function kindsOf(analyses: readonly Analysis[]): readonly LabResult['kind'][] {
  const kinds = analyses.map(({ kind }): LabResult['kind'] => (kind === 'hessian' ? 'spectrum' : kind))
  return analyses.length === 0 ? [] : [...new Set([...kinds, ...DERIVED])]
}

const DERIVED = ['overlap', 'spacings', 'eigenvectors', 'check'] as const
