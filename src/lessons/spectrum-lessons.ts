import type { PanelLesson } from './panel-lesson.ts'

export const wholeSpectrum: PanelLesson = {
  id: 'wholeSpectrum',
  title: 'Whole spectrum',
  reference: 'Sec. 7.5',
  caption: 'All eigenvalues of the Hessian, from its few steepest directions down to the many that are flat.',
  expects: 'Every eigenvalue of the Hessian of a selection that fits into memory, none left out.',
  axes: 'Index i to the right, {hi} upwards. Negative values have another colour and symbol; what is zero to the rounding that the legend names may be either. A grey line is another checkpoint.',
  look: 'A few values at the left stand far above the rest; the dashed mark follows the first C − 1 of them, one fewer than the classes. Then thousands lie near 0, or near 2{lambda} with weight decay. For one layer of a ReLU network none lies below the rounding level; for the whole network many do.',
  thesis: 'The largest eigenvalues greatly surpass the bulk, a small fraction of those of the whole network is negative, and weight decay moves the bulk from 0 to 2{lambda}. Before training the spectrum looks much the same.',
  formulas: [
    { tex: 'H\\,\\mathbf h_i=h_i\\,\\mathbf h_i,\\qquad \\sum_i h_i=\\operatorname{tr}H', words: 'All n eigenpairs. Their sum must be the trace of the matrix, which is checked.' },
    {
      tex: 'H=\\frac1S\\sum_s\\bigl(a_s a_s^{\\!\\top}\\bigr)\\otimes J_s^{\\!\\top}\\bigl(\\operatorname{diag}p_s-p_s p_s^{\\!\\top}\\bigr)J_s',
      words: 'Hessian of one dense kernel in a ReLU network, from the layer’s inputs a and the derivatives J of the network’s outputs: one matrix product builds it.',
    },
  ],
  errata: 'The thesis adds 2λ to every eigenvalue; only kernel entries are regularised, so biases keep theirs.',
  claims: [7, 8, 12],
}

export const density: PanelLesson = {
  id: 'density',
  title: 'Hessian eigenvalue density',
  reference: 'Figs. 7.15 and 7.20 b',
  caption: 'Nearly all eigenvalues lie close to zero; single ones stand far to the right.',
  expects: 'How the eigenvalues of the Hessian are spread, estimated from a few random vectors or from a whole spectrum.',
  axes: '{hi} to the right, density of eigenvalues upwards, logarithmic down to 10⁻⁷. The band is one standard error over the random vectors, or one standard deviation over several seeds; sticks are eigenvalues that have settled and stand alone. The width {sigma} of the smoothing is on the axis.',
  look: 'A peak at zero that falls over several decades, and single sticks at the right. Half of the steps should give nearly the same {trace} and {negativeMass}: where these still move, more steps are needed, whatever the standard errors say. Beside epoch 0 one sees what was there before training.',
  thesis: 'For the whole MLP 50 a few eigenvalues far above the bulk and a small share below zero; at initialisation, for a layer of MLP 256, already a similar shape.',
  formulas: [
    {
      tex: '\\rho(h)=\\frac1{n_v}\\sum_{v=1}^{n_v}\\sum_{k=1}^{m}\\omega_{vk}\\,\\frac{1}{\\sqrt{2\\pi}\\,\\sigma}\\,e^{-(h-\\theta_{vk})^2/2\\sigma^2}',
      words: 'Stochastic Lanczos quadrature (SLQ): m nodes and weights from each of the random vectors, smoothed with width σ. The automatic width is the range over m.',
    },
    { tex: '\\sigma_{\\text{Scott}}=n^{-1/5}\\,s', words: 'Width for the n eigenvalues of a whole spectrum, s their standard deviation with n − 1.' },
  ],
  errata:
    'Standard errors over random vectors hide what too few steps do: of 2,342 eigenvalues below −10⁻³ of MLP 50, ten vectors of 80 steps counted 1,171 ± 46, twenty of 200 steps 1,873 ± 12. ' +
    'The captions of Figs. 7.15 and 7.20 say a width of 1; the released code draws Scott’s width, far narrower.',
  claims: [12],
}

export const trace: PanelLesson = {
  id: 'trace',
  title: 'Trace of the Hessian',
  reference: null,
  caption: 'The sum of all eigenvalues, from a few random vectors and with an error bar.',
  expects: 'A running estimate of the sum of all eigenvalues, with its standard error, and how much of it each layer holds.',
  axes: 'Products with the matrix to the right, the estimate of {trace} upwards. The band is one standard error, the dashed line the final value; with several seeds the others are thin, and the bar at the end is one standard deviation over all of them.',
  look: 'The band shrinks like one over the square root of the products: four times as many halve it. A layer whose share of the trace is larger than its share of the parameters is more curved than the others.',
  thesis: 'Not in the thesis. Weight decay adds 2{lambda} for every kernel entry.',
  formulas: [
    { tex: '\\operatorname{tr}H\\approx\\frac1{n_v}\\sum_v z_v^{\\!\\top}Hz_v,\\qquad z_{vj}=\\pm1', words: 'Hutchinson’s estimate. Hutch++ takes the part in a small subspace exactly and estimates only the rest.' },
    { tex: 'H_{jj}\\approx\\frac1{n_v}\\sum_v z_{vj}\\,(Hz_v)_j', words: 'The same products estimate every diagonal entry; summed over a layer they are its share.' },
  ],
  errata: null,
  claims: [],
}

export const curvature: PanelLesson = {
  id: 'curvature',
  title: 'Curvature through training',
  reference: null,
  caption: 'Where the largest curvature meets the limit that the learning rate sets, training stops being smooth.',
  expects: 'The largest eigenvalues of the Hessian, its trace and how far its top directions turn, followed while the network trains.',
  axes: 'Time in epochs to the right. Upwards, as chosen: {hi}, {trace} with {negativeMass}, overlaps between 0 and 1, or a lower bound of {kappa}. The dashed line is the stability limit 2/{eta}, larger with momentum.',
  look: 'With the whole data set as one batch the largest eigenvalue grows until it meets the dashed line and then stays near it; with small batches it usually stops below. Overlaps near 1 with the look before say that the steep directions hardly turn. An overlap of the gradient near 1 says that it lies within these few directions.',
  thesis: 'Not in the thesis; its last chapters compare only the beginning and the end of training.',
  formulas: [
    { tex: 'h_1<\\frac2\\eta,\\qquad h_1<\\frac{2(1+\\beta)}{\\eta},\\qquad h_1<\\frac{2(1+\\beta)}{(1+2\\beta)\\,\\eta}', words: 'Steps on a parabola do not grow: gradient descent, with momentum β, with Nesterov’s.' },
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
  axes: 'Steps to the right, one product with the matrix each. Upwards the estimates of eigenvalues; for power iteration {residual} has an axis of its own at the right. The dotted line is the step that is put into words.',
  look: 'Power iteration finds only the eigenvalue of largest magnitude, slowly where the next is close. Lanczos keeps all earlier directions: its values {ritz} spread out and settle from the outside in. Without reorthogonalisation settled values come back as copies, marked by crosses.',
  thesis: 'Says that n Lanczos steps give n − 1 eigenvalues and that k of them take 2k products.',
  formulas: [
    { tex: 'v_{t+1}=\\frac{Hv_t}{\\lVert Hv_t\\rVert},\\qquad \\lambda_t=v_t^{\\!\\top}Hv_t', words: 'Power iteration and the Rayleigh quotient.' },
    { tex: 'HQ_j=Q_jT_j+\\beta_j\\,q_{j+1}e_j^{\\!\\top},\\qquad T_js=\\theta s,\\qquad \\lVert H\\mathbf x-\\theta\\mathbf x\\rVert=|\\beta_js_j|', words: 'Lanczos: eigenvalues of the small matrix T are the Ritz values, with their residuals for free.' },
  ],
  errata: 'n steps give n Ritz values, and 20 eigenpairs took 63 products.',
  claims: [],
}
