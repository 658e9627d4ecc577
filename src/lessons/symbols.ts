/** A symbol of the thesis with its definition; `tex` is for KaTeX, `text` for where there is no room for it. */
export interface SymbolEntry {
  readonly text: string
  readonly tex: string
  readonly name: string
  readonly meaning: string
}

export const symbols = {
  w: { text: 'w', tex: 'w', name: 'weights', meaning: 'All trainable parameters in one vector: layer by layer, kernel first, then bias or the scale and shift of batch norm, each row by row.' },
  n: { text: 'n', tex: 'n', name: 'dimension', meaning: 'Number of parameters in the selection. Two unrelated unit vectors in n dimensions overlap by about 1/√n.' },
  v: { text: 'v(t)', tex: 'v(t)', name: 'velocity', meaning: 'Change of the weights in one recorded step, w(t+1) − w(t).' },
  L: { text: 'L', tex: 'L', name: 'loss', meaning: 'Mean cross entropy over the samples, plus λ‖W‖² over the kernels when there is weight decay in the loss.' },
  eta: { text: 'η', tex: '\\eta', name: 'learning rate', meaning: 'Length of an optimiser step relative to the gradient.' },
  lambda: { text: 'λ', tex: '\\lambda', name: 'weight decay', meaning: 'Strength of the penalty λ‖W‖²: it adds 2λW to the gradient and 2λ to the Hessian of kernel entries. AdamW and Lion shrink the kernels by 2ηλW beside the gradient, and the Hessian has no term of it.' },
  H: { text: 'H', tex: 'H', name: 'Hessian', meaning: 'Second derivatives of the loss with respect to the selected weights: how the loss curves around them.' },
  hi: { text: 'hᵢ', tex: 'h_i', name: 'Hessian eigenvalue', meaning: 'Curvature of the loss along the i-th eigenvector; i = 1 is the largest.' },
  hvec: { text: '𝐡ᵢ', tex: '\\mathbf{h}_i', name: 'Hessian eigenvector', meaning: 'Unit direction in weight space with H𝐡ᵢ = hᵢ𝐡ᵢ.' },
  residual: { text: '‖H𝐡 − h𝐡‖', tex: '\\lVert H\\mathbf{h}-h\\mathbf{h}\\rVert', name: 'residual', meaning: 'How well an eigenpair satisfies its equation. A true eigenvalue lies within this distance of the one shown.' },
  trace: { text: 'tr H', tex: '\\operatorname{tr}H', name: 'trace', meaning: 'Sum of all eigenvalues, and of the diagonal entries of H: n times the mean curvature.' },
  negativeMass: { text: 'negative mass', tex: '\\sum_{h<0}|h|\\,/\\sum|h|', name: 'negative mass', meaning: 'Sum of the magnitudes of the negative eigenvalues over that of all: 0 where the loss curves upwards along every direction.' },
  ritz: { text: 'θ', tex: '\\theta', name: 'Ritz value', meaning: 'Estimate of an eigenvalue from the directions that an iteration has seen so far; within its residual lies a true one.' },
  sigma: { text: 'σ', tex: '\\sigma', name: 'width of the smoothing', meaning: 'Standard deviation of the Gaussian that stands for every eigenvalue in a density. What is narrower cannot be seen.' },
  spacing: { text: 's', tex: 's', name: 'unfolded spacing', meaning: 'Distance between neighbouring eigenvalues in units of their mean distance nearby.' },
  pvalue: { text: 'p', tex: 'p', name: 'p-value', meaning: 'Share of random cases that lie at least as far from the law. For cases that are random it is spread evenly between 0 and 1.' },
  ipr: { text: 'IPR', tex: '\\mathrm{IPR}_i', name: 'inverse participation ratio', meaning: 'Sum of the fourth powers of a unit vector’s entries: 1 for a single weight, 1/k for k equal ones, about 3/n for a random direction.' },
  share: { text: '‖𝐡ᵢ‖²ₗ', tex: '\\lVert\\mathbf{h}_i\\rVert_l^2', name: 'share of a layer', meaning: 'Sum of the squares of those entries of an eigenvector that belong to layer l; over all layers these add up to 1.' },
  kappa: { text: 'κ', tex: '\\kappa', name: 'condition number', meaning: 'Largest over smallest positive curvature. The larger it is, the more steps gradient descent needs along the flat directions.' },
  pvec: { text: '𝐩ᵢ', tex: '\\mathbf{p}_i', name: 'principal component', meaning: 'Unit direction of the i-th largest variance over time, of the weights or of the velocities.' },
  sigma2: { text: 'σᵢ²', tex: '\\sigma_i^2', name: 'variance', meaning: 'Variance over the measurement along the i-th principal component.' },
  theta: { text: 'θᵢ(t)', tex: '\\theta_i(t)', name: 'projection', meaning: 'The weights at time t along the i-th principal component, w(t)·𝐩ᵢ.' },
  r2: { text: 'R²', tex: 'R^2', name: 'coefficient of determination', meaning: 'Share of the variance that a straight line explains; 1 is a perfect line.' },
  nu: { text: 'νᵢ', tex: '\\nu_i', name: 'singular value', meaning: 'Stretch of a kernel matrix along its i-th pair of singular vectors.' },
  wtilde: { text: '𝐰̃ᵢ', tex: '\\tilde{\\mathbf{w}}_i', name: 'singular matrix', meaning: 'The i-th term of the kernel’s singular value decomposition, as one vector of the weight space.' },
  nuPlus: { text: 'ν₊', tex: '\\nu_+', name: 'Marchenko–Pastur edge', meaning: 'Largest singular value that a large random matrix with the same deviation would have.' },
  F: { text: 'F', tex: 'F_{ij}', name: 'overlap', meaning: 'Absolute scalar product of two unit vectors: 1 when parallel, about 1/√n when unrelated.' },
  sharpness: { text: 'sharpness', tex: '\\text{sharpness}', name: 'diagonal sharpness', meaning: 'Mean overlap near the diagonal over the mean of the whole map; 1 means no diagonal.' },
} as const satisfies Record<string, SymbolEntry>

export type SymbolId = keyof typeof symbols

/** Is this the key of a symbol? */
export function isSymbolId(text: string): text is SymbolId {
  return Object.hasOwn(symbols, text)
}
