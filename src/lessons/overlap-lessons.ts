import type { PanelLesson } from './panel-lesson.ts'

const AXES = 'Brightness is the absolute scalar product {F} of a row’s and a column’s unit vector; index 1 is at the top left. Unrelated vectors give about 1/√n, marked on the colour bar.'

export const singularHessian: PanelLesson = {
  id: 'singularHessian',
  title: 'Singular matrices × eigenvectors',
  reference: 'Fig. 7.5',
  caption: 'The largest singular matrices of a kernel lie where the loss is most strongly curved.',
  expects: 'How much each singular matrix of the kernel points along each Hessian eigenvector.',
  axes: `Rows are singular matrices {wtilde}, columns Hessian eigenvectors {hvec}. ${AXES}`,
  look: 'Bright upper rows towards the left: singular matrices outside the bulk prefer the lowest-index eigenvectors. The rows of the bulk are even.',
  thesis: 'Singular values outside the bulk are almost entirely covered by the lowest-index eigenvectors; with weight decay the block is sharp.',
  formulas: [{ tex: 'F_{ij}=\\frac{|\\mathbf h_j\\cdot\\tilde{\\mathbf w}_i|}{\\lVert\\tilde{\\mathbf w}_i\\rVert}', words: 'Eq. 7.4.' }],
  errata: 'The ordering was reproduced, “almost entirely” was not: the outliers hold 0.54 % of the top ten eigenvectors against 0.18 % for random directions, and in the last layer of MLP 50 the effect is absent.',
  claims: [5],
}

export const singularPca: PanelLesson = {
  id: 'singularPca',
  title: 'Singular matrices × components',
  reference: 'Fig. 6.1',
  caption: 'The drift moves the weights mostly along their own largest singular matrices.',
  expects: 'How much each singular matrix of the kernel points along each principal component of the weights.',
  axes: `Rows are singular matrices {wtilde}, columns principal components {pvec}. ${AXES}`,
  look: 'The first column is the drift. Where it is bright, training still stretches that singular matrix.',
  thesis: 'The drift mode overlaps with singular matrices outside the bulk; the other components spread over all.',
  formulas: [{ tex: 'F_{ij}=\\frac{|\\mathbf p_j\\cdot\\tilde{\\mathbf w}_i|}{\\lVert\\tilde{\\mathbf w}_i\\rVert}', words: 'Eq. 6.2.' }],
  errata: null,
  claims: [16],
}

export const hessianWeights: PanelLesson = {
  id: 'hessianWeights',
  title: 'Eigenvectors × weight components',
  reference: 'Fig. 7.1 a',
  caption: 'Weight noise is largest where the loss curves most, but only roughly so.',
  expects: 'How much each Hessian eigenvector points along each principal component of the weights.',
  axes: `Rows are principal components {pvec} of {w}, columns Hessian eigenvectors {hvec}. ${AXES}`,
  look: 'A broad, dim diagonal. Its {sharpness} is to be compared with the map of the velocities.',
  thesis: 'A broad diagonal, bright only in the corners.',
  formulas: [{ tex: 'F_{ij}=|\\mathbf h_i\\cdot\\mathbf p_j|', words: 'Overlap of unit vectors.' }],
  errata: null,
  claims: [4],
}

export const hessianVelocities: PanelLesson = {
  id: 'hessianVelocities',
  title: 'Eigenvectors × velocity components',
  reference: 'Fig. 7.1 b',
  caption: 'Mini-batch noise follows the curvature of the loss: the diagonal is narrow and bright.',
  expects: 'How much each Hessian eigenvector points along each principal component of the velocities.',
  axes: `Rows are principal components {pvec} of {v}, columns Hessian eigenvectors {hvec}. ${AXES}`,
  look: 'A narrower and brighter diagonal than for the weights: each step’s noise is shaped by {H}.',
  thesis: 'The diagonal is clearly narrower and brighter than for the weights.',
  formulas: [{ tex: 'F_{ij}=|\\mathbf h_i\\cdot\\mathbf p_j|', words: 'Overlap of unit vectors, components of v(t) = w(t+1) − w(t).' }],
  errata: null,
  claims: [4],
}
