import type { Analysis } from '../../contracts/experiment.ts'
import { describeSelection } from '../../contracts/selection.ts'
import { describeMatrix, describeSamples } from './curvature-words.ts'
import { formatCount, formatSetting } from './number.ts'
import { plural } from './quantity.ts'

/** One line that says what an analysis computes. */
export function describeAnalysis(analysis: Analysis): string {
  switch (analysis.kind) {
    case 'hessian': {
      const ends = analysis.smallest === 0 ? `top ${analysis.largest}` : `top ${analysis.largest}, bottom ${analysis.smallest}`
      return `${describeMatrix(analysis)}: ${ends}`
    }
    case 'singularValues':
      return 'Singular values of every kernel'
    case 'principalComponents':
      return `Principal components: ${analysis.components}`
    case 'wholeSpectrum':
      return `${describeMatrix(analysis)}: all eigenvalues`
    case 'density':
      return `${describeMatrix(analysis)}: density by ${analysis.probes} × ${analysis.steps} Lanczos steps`
    case 'trace':
      return `${describeMatrix(analysis)}: trace by ${analysis.method === 'hutchinson' ? 'Hutchinson' : 'Hutch++'}`
    case 'demonstration':
      return `${describeMatrix(analysis)}: ${analysis.algorithm === 'power' ? 'power iteration' : 'Lanczos'} step by step`
    case 'noiseFiltering':
      return `Noise filtering: ${analysis.selection === 'all' ? 'every kernel' : describeSelection(analysis.selection)}`
  }
}

/** An analysis with all that decides its result. */
export function describeFully(analysis: Analysis): string {
  const words = describeAnalysis(analysis)
  const parts = detailsOf(analysis)
  const looks = 'matrix' in analysis ? [describeSamples(analysis), analysis.batchNorm === 'training' ? 'batch norm by the samples’ own statistics' : null] : []
  const compared = 'compare' in analysis && analysis.compare !== null ? [`compared with epoch ${analysis.compare}`] : []
  const all = [...looks, ...parts, ...compared].filter((part) => part !== null)
  return all.length === 0 ? words : `${words}; ${all.join(', ')}`
}

function detailsOf(analysis: Analysis): readonly (string | null)[] {
  switch (analysis.kind) {
    case 'hessian':
      return [
        `tolerance ${formatSetting(analysis.tolerance)}`,
        `at most ${plural(analysis.maxProducts, 'product')}`,
        analysis.batches === 1 ? null : `spread over ${analysis.batches} batches`,
        `${formatCount(analysis.memory)} MB`,
      ]
    case 'wholeSpectrum':
      return [analysis.vectors ? null : 'without eigenvectors', analysis.solver === 'gpu' ? 'decomposed on the GPU in float32' : null, `${formatCount(analysis.memory)} MB`]
    case 'trace':
      return [plural(analysis.probes, 'probe')]
    case 'demonstration':
      return [plural(analysis.steps, 'step'), analysis.reorthogonalise ? null : 'without reorthogonalisation']
    case 'noiseFiltering':
      return [plural(analysis.points, 'point')]
    case 'singularValues':
      return [`edge ${EDGES[analysis.edge]}`, analysis.reshape === 'filters' ? 'one column per filter' : null]
    case 'density':
    case 'principalComponents':
      return []
  }
}

const EDGES = { initialiser: 'from the initialiser', entries: 'from the entries', fit: 'fitted to the bulk', permuted: 'of permuted entries' } as const
