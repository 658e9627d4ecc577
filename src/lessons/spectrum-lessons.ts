import type { PanelLesson } from './panel-lesson.ts'

export const wholeSpectrum: PanelLesson = {
  id: 'wholeSpectrum',
  title: 'Whole spectrum',
  reference: 'Figs. 7.15 and 7.20 b',
  caption: 'All eigenvalues of the Hessian, from its few steepest directions down to the many that are flat.',
  expects: 'Every eigenvalue of the Hessian of a selection that fits into memory, none left out.',
  axes: 'Index i to the right, {hi} upwards. Negative values have another colour and symbol. The thin band about zero is what rounding alone can produce.',
  look: 'A few values at the left stand far above the rest; the dashed mark follows the first C − 1 of them, one fewer than the classes. Then thousands lie near zero, or near 2{lambda} with weight decay. For one layer of a ReLU network none lies below the rounding level; for the whole network many do.',
  thesis: 'A layer of a ReLU network has no negative eigenvalue, the whole network has; the outliers are there before training, and weight decay moves the bulk from 0 to 2λ.',
  formulas: [
    { tex: 'H\\,\\mathbf h_i=h_i\\,\\mathbf h_i,\\qquad \\sum_i h_i=\\operatorname{tr}H', words: 'All n eigenpairs. Their sum must be the trace of the matrix, which is checked.' },
    { tex: 'H=\\frac1S\\sum_s\\bigl(a_s a_s^{\\!\\top}\\bigr)\\otimes J_s^{\\!\\top}\\bigl(\\operatorname{diag}p_s-p_s p_s^{\\!\\top}\\bigr)J_s', words: 'Hessian of one dense kernel behind ReLU units, from the layer’s inputs a and the outputs’ derivatives J: one matrix product builds it.' },
  ],
  errata: 'Weight decay shifts kernel entries only: biases are not regularised, so their part of the bulk stays at 0.',
  claims: [7, 8, 12],
}

export const density: PanelLesson = {
  id: 'density',
  title: 'Hessian eigenvalue density',
  reference: 'Figs. 7.15 and 7.20 b',
  caption: 'Nearly all eigenvalues lie close to zero; single ones stand far to the right.',
  expects: 'How the eigenvalues of the Hessian are spread, estimated from a few random vectors or from a whole spectrum.',
  axes: '{hi} to the right, share of eigenvalues per unit upwards, logarithmic down to 10⁻⁷. The band is one standard error over the random vectors; sticks are eigenvalues that have settled and stand alone.',
  look: 'A peak at zero that falls over several decades, and single sticks at the right. The width of the smoothing decides how narrow the peak can look: it is stated below the plot. Watch how much trace and negative mass change from half the steps to all of them; where they still move, more steps are needed.',
  thesis: 'A peak at 0 with a tail of several decades and single values up to the largest, much the same before training.',
  formulas: [
    { tex: '\\rho(h)=\\frac1{n_v}\\sum_{v}\\sum_{k=1}^{m}\\omega_{vk}\\,\\frac{1}{\\sqrt{2\\pi}\\,\\sigma}\\,e^{-(h-\\vartheta_{vk})^2/2\\sigma^2}', words: 'Stochastic Lanczos quadrature: m nodes and weights from each of the random vectors v, smoothed with width σ.' },
    { tex: '\\sigma_{\\text{Scott}}=n^{-1/5}\\,s', words: 'Width for the eigenvalues of a whole spectrum, s their standard deviation with n − 1.' },
  ],
  errata:
    'The standard error over random vectors hides an error that too few steps cause: of 2,342 eigenvalues below −10⁻³, ten vectors of 80 steps found 1,171 ± 46 and twenty of 200 found 1,873 ± 12. ' +
    'The caption of Fig. 7.15 says width 1; the released code draws Scott’s width.',
  claims: [12],
}

export const trace: PanelLesson = {
  id: 'trace',
  title: 'Trace of the Hessian',
  reference: null,
  caption: 'The sum of all eigenvalues, from a few random vectors and with an error bar.',
  expects: 'A running estimate of the sum of all eigenvalues, with its standard error, and how much of it each layer holds.',
  axes: 'Hessian-vector products to the right, the estimate of the trace upwards. The band is one standard error.',
  look: 'The band should shrink like one over the square root of the products and the line stay inside it. A layer whose share of the trace is larger than its share of the parameters is more curved than the others.',
  thesis: 'Not shown. The trace is the mean curvature times n: with weight decay each kernel entry adds 2λ to it.',
  formulas: [
    { tex: '\\operatorname{tr}H\\approx\\frac1{n_v}\\sum_v z_v^{\\!\\top}Hz_v,\\qquad z_{vj}=\\pm1', words: 'Hutchinson’s estimate. Hutch++ computes the part in a small subspace exactly and estimates only the rest.' },
  ],
  errata: null,
  claims: [],
}

export const curvature: PanelLesson = {
  id: 'curvature',
  title: 'Curvature through training',
  reference: null,
  caption: 'While the network trains, the largest curvature settles near the limit that the learning rate sets.',
  expects: 'The largest eigenvalues of the Hessian, its trace and how far its top directions turn, followed while the network trains.',
  axes: 'Time in epochs to the right. Upwards, as chosen: {hi}, the trace and the negative mass, overlaps between 0 and 1, or a lower bound of the condition number. The dashed line is the stability limit 2/{eta}.',
  look: 'With large batches the largest eigenvalue grows until it meets the dashed line and stays there; with small ones it stops below. Overlaps near 1 with the look before say that the steep directions hardly turn. An overlap of the gradient near 1 says that it lies within those few directions.',
  thesis: 'Not shown; the limit is that of gradient descent on a quadratic loss.',
  formulas: [
    { tex: 'h_1<\\frac2\\eta,\\qquad h_1<\\frac{2(1+\\beta)}{\\eta}', words: 'Stability of gradient descent, without and with momentum β.' },
    { tex: '\\frac1k\\lVert V_t^{\\!\\top}V_{t\'}\\rVert_F^2,\\qquad \\frac{\\lVert P\\,g\\rVert^2}{\\lVert g\\rVert^2}', words: 'Overlap of two spaces of k eigenvectors, and the share of the gradient g within one of them.' },
    { tex: '\\kappa\\ge\\frac{h_1}{h_{\\min}^+}', words: 'Condition number, from the smallest positive value found: the true one is at least as large.' },
  ],
  errata: null,
  claims: [],
}

export const demonstration: PanelLesson = {
  id: 'demonstration',
  title: 'How eigenvalues are found',
  reference: null,
  caption: 'Each product with the Hessian brings the estimates closer to the outermost eigenvalues.',
  expects: 'Power iteration or Lanczos, one product at a time.',
  axes: 'Steps to the right, one Hessian-vector product each. Upwards the estimates of eigenvalues; for power iteration the residual has an axis of its own.',
  look: 'Power iteration finds only the eigenvalue of largest magnitude, slowly where the next is close. Lanczos keeps all earlier directions: its values spread out and settle from the outside in. Without reorthogonalisation settled values return as copies.',
  thesis: 'Says that n Lanczos steps give n − 1 eigenvalues and that 2k products suffice for k of them.',
  formulas: [
    { tex: 'v_{t+1}=\\frac{Hv_t}{\\lVert Hv_t\\rVert},\\qquad \\lambda_t=v_t^{\\!\\top}Hv_t', words: 'Power iteration and the Rayleigh quotient.' },
    { tex: 'HQ_j=Q_jT_j+\\beta_j q_{j+1}e_j^{\\!\\top},\\qquad T_j s=\\vartheta s,\\qquad \\text{residual}=|\\beta_j s_j|', words: 'Lanczos: eigenvalues of the small matrix T are the Ritz values.' },
  ],
  errata: 'n steps give n Ritz values, and 20 eigenpairs took 63 products, not 40.',
  claims: [],
}
