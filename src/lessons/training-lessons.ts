import type { PanelLesson } from './panel-lesson.ts'

export const training: PanelLesson = {
  id: 'training',
  title: 'Loss and accuracy',
  reference: 'Table 5.1',
  caption: 'The loss falls and the accuracy rises as stochastic gradient descent passes over the training samples.',
  expects: 'Loss and accuracy on training and test samples, one point after every epoch and a line for the mini-batches.',
  axes: 'Time in epochs to the right; {L} in the upper half, accuracy in the lower. Training is solid, test dashed.',
  look: 'A gap that opens between training and test is overfitting. A loss that jumps says that {eta} is too large for the curvature: gradient descent is stable for {eta} below 2/h₁, with h₁ the largest {hi}; optimisers that rescale the gradient have no such limit.',
  thesis: 'Test accuracies of Table 5.1: MLP 50 98.2 % on MNIST; on CIFAR-10 MLP 256 44.2 %, LeNet 65.3 %, miniAlexNet 74.9 %, ResNet 20 68.1 %.',
  formulas: [
    { tex: 'w \\leftarrow w + v,\\qquad v \\leftarrow -\\eta\\,\\nabla L_{\\text{batch}} + \\beta v', words: 'Eq. 2.5: stochastic gradient descent with momentum β. Nesterov, Adam, AdamW, RMSProp and Lion take its place where they are chosen.' },
    { tex: 'L = -\\tfrac1S\\textstyle\\sum_s \\ln p_s + \\lambda\\sum_l\\lVert W^{(l)}\\rVert^2', words: 'Mean cross entropy plus weight decay on kernels, not on biases. AdamW and Lion shrink the kernels beside the loss instead.' },
  ],
  errata: 'The thesis’s 98.2 % for MLP 50 is above what an independent reproduction found; read your own number.',
  claims: [],
}

export const drift: PanelLesson = {
  id: 'drift',
  title: 'Drift mode θ₁(t)',
  reference: 'Fig. 6.4',
  caption: 'Along the first principal component the weights move in a straight line: a drift, not a walk.',
  expects: 'The weights along their first principal components over the measurement, with a straight line fitted to the first.',
  axes: 'Recorded steps to the right, {theta} upwards. The dashed line is the fit to θ₁.',
  look: 'θ₁ should lie on its line ({r2} near 1) while later components bend or wander. A pure random walk in many dimensions already gives {r2} = 0.9855, so only more than that is a drift.',
  thesis: 'In the exploration phase the first component moves linearly; its absolute value grows without weight decay and shrinks with it.',
  formulas: [
    { tex: '\\theta_i(t)=w(t)\\cdot\\mathbf p_i,\\qquad \\theta_1(t)\\approx a\\,t+b', words: 'Eq. 6.4: projection on a component, and the line of the drift mode.' },
    { tex: '\\sigma_1^2=\\frac{a^2\\,T(T+1)}{12}', words: 'Variance of a line over T points, with the divisor T − 1 that is used here.' },
  ],
  errata: 'Eq. 6.6 prints T²; the exact factor depends on the number of points and on the divisor. With T points and divisor T − 1 it is T(T+1)/12.',
  claims: [1, 2, 16],
}

export const variances: PanelLesson = {
  id: 'variances',
  title: 'Variances σᵢ²',
  reference: 'Eq. 3.3',
  caption: 'A few components hold nearly all the variance of the weights; the velocities spread theirs widely.',
  expects: 'Variances of the weights and of the velocities along their principal components, largest first.',
  axes: 'Index of the component to the right, {sigma2} upwards, logarithmic.',
  look: 'The weights’ variances fall steeply: the drift dominates. A random walk would put 61 % into the first component. Velocities fall slowly, since each step is mostly mini-batch noise.',
  thesis: 'The first component stands far above the rest and belongs to the drift; the rest reflects noise shaped by the Hessian.',
  formulas: [
    { tex: '\\Sigma=\\frac{1}{T-1}\\sum_t (w(t)-\\bar w)(w(t)-\\bar w)^{\\!\\top},\\qquad \\Sigma\\,\\mathbf p_i=\\sigma_i^2\\,\\mathbf p_i', words: 'Covariance over time and its eigenvectors, the principal components.' },
  ],
  errata: 'Eq. 3.3 sums T + 1 terms and divides by T; with T + 1 snapshots there are T weights and T velocities, and the divisor is T − 1.',
  claims: [1],
}
