import type { EpochHistory } from '../../src/contracts/results.ts'

export const historyNames = ['epoch', 'step', 'trainLoss', 'trainAccuracy', 'testLoss', 'testAccuracy', 'learningRate'] as const satisfies readonly (keyof EpochHistory)[]

/** A copy of a history without the entries of later epochs; empty when there is none. */
export function historyUpTo(history: EpochHistory | null, epoch: number): EpochHistory {
  const length = history === null ? 0 : history.epoch.filter((entry) => entry <= epoch).length
  const values = (name: keyof EpochHistory): readonly number[] => history?.[name].slice(0, length) ?? []
  return {
    epoch: values('epoch'),
    step: values('step'),
    trainLoss: values('trainLoss'),
    trainAccuracy: values('trainAccuracy'),
    testLoss: values('testLoss'),
    testAccuracy: values('testAccuracy'),
    learningRate: values('learningRate'),
  }
}
