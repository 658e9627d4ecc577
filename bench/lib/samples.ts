import { createRandom } from '../../workers/numerics/random.ts'

/** Images row-major with a label each. */
export interface Samples {
  readonly images: Float32Array
  readonly labels: Uint8Array
}

/** Standard normal images with random labels of ten classes: timings do not depend on what the pixels show. */
export function syntheticSamples(count: number, features = 784): Samples {
  const random = createRandom(1, 'bench')
  return {
    images: Float32Array.from({ length: count * features }, () => random.normal()),
    labels: Uint8Array.from({ length: count }, () => random.integer(10)),
  }
}
