/** Dispatches that whoever encodes them submits while some work runs. */
export async function countDispatches(work: () => Promise<unknown>): Promise<number> {
  const prototype = GPUComputePassEncoder.prototype
  const original = Object.getOwnPropertyDescriptor(prototype, 'dispatchWorkgroups')?.value as GPUComputePassEncoder['dispatchWorkgroups']
  let count = 0
  prototype.dispatchWorkgroups = function (this: GPUComputePassEncoder, ...size: Parameters<GPUComputePassEncoder['dispatchWorkgroups']>) {
    count++
    return original.apply(this, size)
  }
  try {
    await work()
  } finally {
    prototype.dispatchWorkgroups = original
  }
  return count
}
