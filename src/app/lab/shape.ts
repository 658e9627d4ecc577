import type { LabState } from '../../state/lab-state.ts'

/** Inputs of the network: pixels of one image. MNIST until a data set is loaded. */
export function inputCount({ data }: Pick<LabState, 'data'>): number {
  return data === null ? 784 : data.shape.reduce((product, side) => product * side, 1)
}

export function classCount({ data }: Pick<LabState, 'data'>): number {
  return data === null ? 10 : data.classes
}
