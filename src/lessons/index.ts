import type { PanelId } from '../contracts/experiment.ts'
import { spectrum, weightProduct } from './hessian-lessons.ts'
import { hessianTime, hessianVelocities, hessianWeights, layerNetwork, singularHessian, singularPca } from './overlap-lessons.ts'
import type { PanelLesson } from './panel-lesson.ts'
import { concentration, participation, porterThomas, spacings } from './random-matrix-lessons.ts'
import { curvature, demonstration, density, trace, wholeSpectrum } from './spectrum-lessons.ts'
import { drift, training, variances } from './training-lessons.ts'
import { noiseFiltering, singularValues } from './weight-lessons.ts'

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
  wholeSpectrum,
  density,
  spacings,
  porterThomas,
  participation,
  concentration,
  trace,
  curvature,
  demonstration,
  noiseFiltering,
  layerNetwork,
  hessianTime,
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
