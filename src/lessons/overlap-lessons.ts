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

export const layerNetwork: PanelLesson = {
  id: 'layerNetwork',
  title: 'Layer × network eigenvectors',
  reference: 'Fig. 7.7',
  caption: 'The steepest directions of one layer and of the whole network point in similar directions.',
  expects: 'How much each Hessian eigenvector of one layer points along each eigenvector of the whole network.',
  axes: `Rows are eigenvectors of the layer, columns {hvec} of the whole network. ${AXES}`,
  look: 'A bright band from the upper left: the largest eigenvectors of the layer appear among the largest of the network. Where the bottom end of the network’s spectrum is included, a second band shows the negative eigenvalues.',
  thesis: 'A band from the upper left that bends to column 10,000, black until column 39,500, then a second band of negative eigenvalues.',
  formulas: [{ tex: 'F_{ij}=|\\mathbf h_j\\cdot\\mathbf h_i^{(l)}|', words: 'Eq. 7.5: the layer’s eigenvector with zeros for all other weights.' }],
  errata: null,
  claims: [17],
}

export const hessianTime: PanelLesson = {
  id: 'hessianTime',
  title: 'Eigenvectors at two times',
  reference: null,
  caption: 'How far the steep directions of the loss turn between two moments of training.',
  expects: 'How much each Hessian eigenvector at one checkpoint points along each one at another.',
  axes: `Rows are eigenvectors {hvec} at the checkpoint shown, columns those at the other. ${AXES}`,
  look: 'A bright diagonal says that directions are kept; a bright square at the upper left says that the space of the outliers is kept while directions within it mix.',
  thesis: 'Not shown; it finds the weight product small at the largest eigenvalues both before and after training.',
  formulas: [{ tex: 'F_{ij}=|\\mathbf h_i(t)\\cdot\\mathbf h_j(t\')|', words: 'Overlap of unit vectors.' }],
  errata: null,
  claims: [],
}
