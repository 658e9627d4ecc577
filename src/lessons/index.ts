import type { PanelId } from '../contracts/experiment.ts'
import { spectrum, weightProduct } from './hessian-lessons.ts'
import { hessianVelocities, hessianWeights, singularHessian, singularPca } from './overlap-lessons.ts'
import type { PanelLesson } from './panel-lesson.ts'
import { drift, training, variances } from './training-lessons.ts'
import { singularValues } from './weight-lessons.ts'

const lessons: Readonly<Record<PanelId, PanelLesson>> = {
  training,
  spectrum,
  singularValues,
  drift,
  variances,
  singularHessian,
  singularPca,
  hessianWeights,
  hessianVelocities,
  weightProduct,
}

/** Every panel there is, in the order in which the page offers them. */
export const panelIds = Object.keys(lessons) as readonly PanelId[]

/** What a person needs beside that panel. */
export function lessonOf(id: PanelId): PanelLesson {
  return lessons[id]
}

export { parseText, type TextPart } from './parse-text.ts'
export type { Formula, PanelLesson } from './panel-lesson.ts'
export { symbols, type SymbolEntry, type SymbolId } from './symbols.ts'
