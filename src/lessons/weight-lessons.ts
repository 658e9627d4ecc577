import type { PanelLesson } from './panel-lesson.ts'

export const singularValues: PanelLesson = {
  id: 'singularValues',
  title: 'Singular values',
  reference: 'Eq. 4.2',
  caption: 'Most singular values stay where a random matrix has them; a few have grown out of the bulk.',
  expects: 'Singular values of every kernel with the edges that a random matrix of the same size would have. A convolution counts as a matrix: one row for every place of its window, one column for every pair of channel and filter.',
  axes: '{nu} to the right, as they are or by their logarithm, their density upwards. The curve is the Marchenko–Pastur law, the solid line its upper edge {nuPlus} with the margin of chance, dashed are the edges by other definitions. Outlined: the kernel before training, and its trained entries in random order.',
  look: 'Values beyond {nuPlus}: what training has written into the kernel. The bulk keeps the shape of the initialisation. A value above one edge and below another is not clearly outside; compare the counts in the sentence below.',
  thesis: 'The bulk follows the Marchenko–Pastur law of the initialiser; the few values above its edge carry what was learned.',
  formulas: [
    { tex: 'W=U\\,\\mathrm{diag}(\\nu)\\,V^{\\!\\top},\\qquad \\tilde{\\mathbf w}_i=\\nu_i\\,\\mathrm{vec}(u_i v_i^{\\!\\top})', words: 'Singular value decomposition and the i-th singular matrix.' },
    { tex: '\\rho(\\nu)=\\frac{\\sqrt{(\\nu_+^2-\\nu^2)(\\nu^2-\\nu_-^2)}}{\\pi s^2 M\\,\\nu},\\qquad \\nu_\\pm=s\\,(\\sqrt N\\pm\\sqrt M)', words: 'Law of an N × M random matrix with standard deviation s, M ≤ N.' },
    { tex: 'p(\\nu^2)\\propto(\\nu^2)^{-\\alpha}', words: 'Power law of the tail, fitted as by Clauset, Shalizi and Newman (2009); for few values it says nothing.' },
  ],
  errata: 'Eq. 4.2 mixes ν and its square; the form above integrates to one. Eq. 4.1 calls rows of V what are its columns.',
  claims: [5],
}

export const noiseFiltering: PanelLesson = {
  id: 'noiseFiltering',
  title: 'Filtering of singular values',
  reference: null,
  caption: 'Most small singular values can go without harm; with wrong labels, removing them can even help.',
  expects: 'Accuracy of the network as the smallest singular values of its kernels are set to zero, a few more at every point.',
  axes: 'Share of the singular values that are removed to the right, accuracy upwards. Training is solid, test dashed; marks are three ways of treating the whole bulk at once.',
  look: 'A flat stretch at the left: what is removed there was not needed. Then a fall, at the latest when values above {nuPlus} go. After training with wrong labels the test accuracy may rise before it falls.',
  thesis: 'Refers to work in which removing the bulk left the accuracy and, with up to about 40 % of wrong labels, improved it; the effect of such labels on the Hessian is left open.',
  formulas: [
    { tex: 'W\\to\\sum_{i\\le r}u_i\\nu_i v_i^{\\!\\top},\\qquad \\nu_i\\to\\max(\\nu_i-\\nu_+,0)', words: 'Truncation to the r largest, and the soft threshold at the bulk edge. Optimal shrinkage is that of Gavish and Donoho (2017).' },
  ],
  errata: null,
  claims: [],
}
