import type { Augmentation } from '../../src/contracts/experiment.ts'
import { createRandom } from '../numerics/random.ts'

/** What `Operations.augment` adds to a shift so that it is never negative. */
const ZERO_SHIFT = 128

/** Shift and mirroring of every sample of an epoch, in the order of visits, as `Operations.augment` reads them. */
export function augmentationCodes({ crop, flip }: Augmentation, seed: number, epoch: number, samples: number): Uint32Array {
  const random = createRandom(seed, `augment/${epoch}`)
  const shift = (): number => Math.floor(random.uniform() * (2 * crop + 1)) - crop + ZERO_SHIFT
  return Uint32Array.from({ length: samples }, () => {
    const [dy, dx] = [shift(), shift()]
    const mirrored = random.uniform() < 0.5 && flip
    return dy + 256 * dx + (mirrored ? 65536 : 0)
  })
}
