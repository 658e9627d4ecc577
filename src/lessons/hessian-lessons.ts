import type { PanelLesson } from './panel-lesson.ts'

export const spectrum: PanelLesson = {
  id: 'spectrum',
  title: 'Hessian eigenvalues',
  reference: 'Sec. 7.1',
  caption: 'A handful of directions are strongly curved; along all others the loss is nearly flat.',
  expects: 'The largest eigenvalues of the Hessian, each with its residual. They appear while the Lanczos iteration runs.',
  axes: 'Index i to the right, {hi} upwards. A diamond that is not filled has not converged; grey bars are the spread over batches of the samples, open circles another checkpoint.',
  look: 'Count the values that stand apart: with ten classes about nine are expected. Then a bulk begins that falls smoothly. For one layer of a ReLU network none is negative; with smooth activations some may be.',
  thesis: 'Few large outliers over a bulk near zero, present before training; a layer of a ReLU network has no negative eigenvalue, the whole network has.',
  formulas: [
    { tex: 'H\\,\\mathbf h_i=h_i\\,\\mathbf h_i,\\qquad H=\\frac{\\partial^2 L}{\\partial w\\,\\partial w^{\\!\\top}}', words: 'Eigenpairs, from exact Hessian-vector products.' },
    {
      tex: 'H\\to G=\\frac1S\\sum_s J_s^{\\!\\top}\\bigl(\\operatorname{diag}p_s-p_sp_s^{\\!\\top}\\bigr)J_s',
      words: 'Gauss–Newton matrix: never negative. The true Fisher matrix equals it for the softmax cross entropy; the empirical Fisher matrix, with the labels of the data, is another.',
    },
    { tex: '\\eta < \\frac{2}{h_1}\\quad\\Bigl(\\tfrac{2(1+\\beta)}{h_1}\\text{ with momentum}\\Bigr)', words: 'Stability limit of gradient descent.' },
  ],
  errata: null,
  claims: [7, 8],
}

export const weightProduct: PanelLesson = {
  id: 'weightProduct',
  title: 'Weight product hᵢ·w',
  reference: 'Fig. 7.2',
  caption: 'The most strongly curved directions are almost perpendicular to the weights themselves.',
  expects: 'How much the weight vector points along each Hessian eigenvector.',
  axes: 'Index i to the right, {hvec}·w/‖w‖ upwards. The band is ±1/√n, what unrelated directions give.',
  look: 'Values inside the band at the left: the top eigenvectors hold next to nothing of {w}. In a full spectrum a burst follows at middle indices. Open dots are the same eigenvectors with the weights of another checkpoint.',
  thesis: 'Near zero at the largest eigenvalues, a burst between the 500th and the 2000th in a layer of 8,192 weights, then an even band.',
  formulas: [{ tex: '\\frac{\\mathbf h_i\\cdot w}{\\lVert w\\rVert}', words: 'Eq. 7.2; eigenvectors have their largest entry positive.' }],
  errata: 'An independent reproduction found the burst at 1,557–2,127, inside the thesis’s range.',
  claims: [13],
}
