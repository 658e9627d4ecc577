import type { MatrixDeps } from '../deps.ts'
import type { Decompose } from './whole-spectrum.ts'

/** Steps that a sweep's progress is told in. */
const PARTS = 100

/** Sweeps that Jacobi's method usually takes. */
const USUAL_SWEEPS = 9

/**
 * Block Jacobi in float32 on a graphics device of its own; residuals of a sample are computed in float64. Its code is loaded
 * when it is first asked for.
 */
export function decomposeOnGpu({ pacing }: MatrixDeps, openGpu: () => Promise<GPU | null>): Decompose {
  return async (target, vectors, onProgress) => {
    const [{ openDevice, adapterName }, { eigenOnGpu }] = await Promise.all([import('../../engine/webgpu/device.ts'), import('../../linalg-gpu/eigen-on-gpu.ts')])
    const { device, adapterInfo } = await openDevice((await openGpu()) ?? undefined)
    try {
      const found = await eigenOnGpu(device, target.values, target.size, {
        signal: pacing.signal,
        rest: pacing.breathe,
        onProgress: ({ sweep, round, rounds }) => {
          const step = Math.round(PARTS * (sweep + round / Math.max(1, rounds)))
          onProgress({ what: `Jacobi sweep ${sweep + 1}`, step: Math.min(step, PARTS * USUAL_SWEEPS), of: PARTS * USUAL_SWEEPS })
        },
      })
      const { eigenvalues, eigenvectors, checked, residuals, orthogonality, sweeps, outcome } = found
      const end = outcome === 'converged' ? '' : `, ${outcome}`
      const solver = `float32 on ${adapterName(adapterInfo)}, ${sweeps} sweeps${end}`
      return { eigenvalues, eigenvectors: vectors ? withFixedSigns(eigenvectors, target.size) : null, checked, residuals, orthogonality, solver }
    } catch (error) {
      if (pacing.signal.aborted) return null
      throw error
    } finally {
      device.destroy()
    }
  }
}

/** Makes the largest |entry| of every row positive, as everywhere. */
function withFixedSigns(rows: Float32Array, size: number): Float32Array {
  for (let start = 0; start < rows.length; start += size) {
    const row = rows.subarray(start, start + size)
    const largest = row.reduce((most, entry) => (Math.abs(entry) > Math.abs(most) ? entry : most), 0)
    if (largest < 0) row.forEach((entry, i) => (row[i] = -entry))
  }
  return rows
}
