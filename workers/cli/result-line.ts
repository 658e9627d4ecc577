import type { Estimate, LabResult } from '../../src/contracts/results.ts'

/** One line about a result; null for one that is not complete. */
export function resultLine(result: LabResult): string | null {
  const seconds = `${result.provenance.seconds.toFixed(1)} s`
  switch (result.kind) {
    case 'spectrum': {
      const converged = result.converged.filter(Boolean).length
      return `Hessian of ${result.settings.selection}: λ₁ = ${result.eigenvalues[0]?.toPrecision(6) ?? 'unknown'}, ${converged} of ${result.eigenvalues.length} converged after ${result.products} products (${result.outcome}), ${seconds}`
    }
    case 'singularValues':
      return `Singular values: ${result.kernels.map(({ name, outliers }) => `${name} ${outliers} outliers`).join(', ')}`
    case 'principalComponents':
      return `Drift of ${result.measurement.selection}: R² = ${result.drift.r2.toFixed(5)} over ${result.snapshots} snapshots, ${seconds}`
    case 'overlap':
      return result.rowsDone < result.rows ? null : `Overlap ${result.overlap}: ${result.rows} × ${result.cols}, diagonal sharpness ${result.diagonalSharpness.toFixed(2)}`
    case 'wholeSpectrum':
      return `All ${result.dimension} eigenvalues of ${result.settings.selection}: λ₁ = ${result.eigenvalues[0].toPrecision(6)}, ${result.negative} negative, built by ${result.build} in ${result.buildSeconds.toFixed(1)} s, decomposed (${result.solver}) in ${result.solveSeconds.toFixed(1)} s`
    case 'density':
      return result.probesDone < result.settings.probes && result.outcome !== 'cancelled'
        ? null
        : `Density of ${result.settings.selection}: trace ${estimate(result.moments.trace)}, negative mass ${estimate(result.moments.negativeMass)} (half the steps: ${estimate(result.halfMoments.negativeMass)}), ${result.products} products, ${seconds}`
    case 'trace':
      return result.history.products.length < result.settings.probes && result.outcome === 'cancelled' ? null : `Trace of ${result.settings.selection}: ${estimate(result.trace)}, ${result.products} products, ${seconds}`
    case 'spacings':
      return `Spacings of ${result.source.kind === 'wholeSpectrum' ? result.source.selection : `kernel ${result.source.layer}`}: ${result.problem ?? `${result.levels} levels, KS to Wigner ${result.wigner.distance.toFixed(4)} (95 % below ${result.wigner.band[2].toFixed(4)}), to Poisson ${result.poisson.distance.toFixed(4)}`}`
    case 'eigenvectors':
      return `Eigenvectors of ${result.source.selection}: ${result.index.length}, median Porter–Thomas distance ${median(result.porterThomas.distances).toPrecision(3)} (random ${result.porterThomas.randomDistance.toPrecision(3)}), ${seconds}`
    case 'curvature':
      return null
    case 'demonstration':
      return `${result.settings.algorithm === 'power' ? 'Power iteration' : 'Lanczos'} on ${result.settings.selection}: ${result.settings.steps} steps, ${seconds}`
    case 'noiseFiltering':
      return `Noise filtering: test accuracy ${result.curves.testAccuracy[0].toFixed(4)} with all, ${result.treatments.map(({ name, reading }) => `${name} ${reading.testAccuracy.toFixed(4)}`).join(', ')}, ${seconds}`
    case 'check':
      return `Check of analysis ${result.analysis + 1}: ${result.verdict}; ${result.items.map(({ name, verdict }) => `${name} ${verdict}`).join(', ')}`
  }
}

function estimate({ value, standardError }: Estimate): string {
  return `${value.toPrecision(4)}${standardError === null ? '' : ` ± ${standardError.toPrecision(2)}`}`
}

function median(values: Float64Array): number {
  return Float64Array.from(values).sort()[Math.floor(values.length / 2)]
}
