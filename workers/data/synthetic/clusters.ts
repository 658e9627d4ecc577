import type { SyntheticRule } from './draw.ts'

const FEATURES = 20
const CLASSES = 10
/** Standard deviation of each coordinate of a centre. */
const SEPARATION = 0.75
/** Standard deviation of each coordinate around its centre. */
const SPREAD = 1

/** Gaussian clusters of equal size and round shape, one a class. They overlap: the nearest centre is right for about 90 of 100. */
export const clusters: SyntheticRule = {
  features: FEATURES,
  classes: CLASSES,
  note: `Gaussian clusters: ${CLASSES} centres in ${FEATURES} dimensions with deviation ${SEPARATION}, samples around them with deviation ${SPREAD}.`,
  identity: `clusters-1 ${FEATURES} ${CLASSES} ${SEPARATION} ${SPREAD}`,
  prepare(deviates) {
    const centres = Float64Array.from({ length: CLASSES * FEATURES }, () => SEPARATION * deviates.normal())
    return (input, index, stream) => {
      const label = index % CLASSES
      for (let i = 0; i < FEATURES; i++) input[i] = centres[label * FEATURES + i] + SPREAD * stream.normal()
      return label
    }
  },
}
