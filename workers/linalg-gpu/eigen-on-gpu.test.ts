import { describe, expect, it } from 'vitest'
import { openNodeGpu } from '../cli/node-gpu.ts'
import { openDevice } from '../engine/webgpu/device.ts'
import { GPU_EIGEN_TOLERANCE, gpuEigenConformance } from './eigen-conformance.ts'
import { eigenOnGpu, type GpuEigenProgress } from './eigen-on-gpu.ts'
import { bytesOnGpu, largestOnGpu } from './jacobi-buffers.ts'

const gpu = await openNodeGpu()

describe('the largest size', () => {
  it('is what one binding holds, in whole pairs of blocks', () => {
    expect(largestOnGpu({ maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 30 })).toBe(8192)
    expect(largestOnGpu({ maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 })).toBe(5792)
  })

  it('takes little more memory than matrix and vectors', () => {
    expect(bytesOnGpu(8192) / (2 * 4 * 8192 ** 2)).toBeLessThan(1.01)
    expect(bytesOnGpu(1)).toBeLessThan(20_000)
  })
})

describe.runIf(gpu !== null)('eigenOnGpu', async () => {
  const { device } = await openDevice(gpu ?? undefined)

  const symmetric = (n: number): Float32Array => Float32Array.from({ length: n * n }, (_, at) => Math.sin(Math.floor(at / n) * (at % n) + 1))

  it('decomposes the conformance matrices to float32 accuracy', async () => {
    const results = await gpuEigenConformance(device)
    const worst = results.filter((r) => !(Math.max(r.eigenvalueError, r.residual, r.orthogonality) < GPU_EIGEN_TOLERANCE) || r.outcome !== 'converged')
    expect(worst).toEqual([])
  })

  it('takes float32 matrices, tells sweeps and rounds, and repeats to the bit on one adapter', async () => {
    const seen: GpuEigenProgress[] = []
    const matrix = symmetric(40)
    const first = await eigenOnGpu(device, matrix, 40, { onProgress: (progress) => seen.push(progress) })
    expect(seen[0].sweep).toBe(0)
    expect(seen[0].offNorm).toBeGreaterThan(0.1)
    expect(seen.at(-1)).toMatchObject({ sweep: first.sweeps, offNorm: first.offNorm })
    expect(first.checked.length).toBe(16)
    const second = await eigenOnGpu(device, matrix, 40)
    expect([second.eigenvalues, second.eigenvectors]).toEqual([first.eigenvalues, first.eigenvectors])
  })

  it('says so when the sweeps run out', async () => {
    const { outcome, sweeps, offNorm } = await eigenOnGpu(device, symmetric(40), 40, { maxSweeps: 1 })
    expect([outcome, sweeps]).toEqual(['max-sweeps', 1])
    expect(offNorm).toBeGreaterThan(1e-6)
  })

  it('stops with the reason of an aborted signal', async () => {
    const controller = new AbortController()
    const stopped = eigenOnGpu(device, symmetric(70), 70, { signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) })
    await expect(stopped).rejects.toThrow('enough')
  })

  it('refuses what is too large before anything is computed, naming the largest size', async () => {
    const limits = { ...device.limits, maxBufferSize: 2 ** 14, maxStorageBufferBindingSize: 2 ** 14 }
    const small = new Proxy(device, { get: (target, name) => (name === 'limits' ? limits : Reflect.get(target, name)) })
    await expect(eigenOnGpu(small, symmetric(70), 70)).rejects.toThrow('70 rows exceed what this GPU binds at once; at most 64 rows fit')
  })

  it('refuses what is not square, finite and symmetric', async () => {
    await expect(eigenOnGpu(device, new Float32Array(6), 2)).rejects.toThrow('6 entries do not fill a 2 x 2 matrix')
    await expect(eigenOnGpu(device, Float64Array.of(1, NaN, NaN, 1), 2)).rejects.toThrow('entry (0, 1) is NaN')
    await expect(eigenOnGpu(device, Float64Array.of(1, 0.5, 0.25, 1), 2)).rejects.toThrow('entries (0, 1) and (1, 0) are 0.5 and 0.25')
    await expect(eigenOnGpu(device, Float64Array.of(1), 1, { tolerance: 0 })).rejects.toThrow('tolerance=0')
  })

  // Last: no other test has a device after it, and a second one would compile everything again.
  it('ends with an error when the device is lost', async () => {
    const lost = eigenOnGpu(device, symmetric(70), 70, { onProgress: () => device.destroy() })
    await expect(lost).rejects.toThrow(/device lost/)
  })
})
