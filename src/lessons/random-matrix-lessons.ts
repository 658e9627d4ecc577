import type { PanelLesson } from './panel-lesson.ts'

export const spacings: PanelLesson = {
  id: 'spacings',
  title: 'Level spacings',
  reference: 'Fig. 7.16',
  caption: 'Neighbouring eigenvalues keep the distance that those of a random symmetric matrix keep.',
  expects: 'Distances between neighbouring eigenvalues in units of their local mean, beside two laws: levels that repel each other, and levels that know nothing of each other.',
  axes: 'Spacing s to the right, its density upwards; in the corner its cumulative distribution. Mean spacing is 1.',
  look: 'A density that starts at zero and peaks near 0.8 is level repulsion, the law of random symmetric matrices. One that is largest at zero is that of unrelated levels. The distances below say which law is closer, and how far from a law spectra that follow it would be.',
  thesis: 'Spacings of the Hessian deviate from the Wigner surmise, as if unrelated noise were mixed in.',
  formulas: [
    { tex: 'p_{\\text W}(s)=\\frac{\\pi s}{2}\\,e^{-\\pi s^2/4},\\qquad p_{\\text P}(s)=e^{-s}', words: 'Eq. 4.3, the Wigner surmise, and the law of independent levels.' },
    { tex: 's_i=\\xi_i-\\xi_{i+1},\\qquad D=\\max_s|F_{\\text{measured}}(s)-F(s)|', words: 'Spacings of the unfolded levels ξ, and the Kolmogorov–Smirnov distance to a law.' },
  ],
  errata:
    'Eq. 4.3 holds for unfolded levels, not for the singular values themselves. An independent reproduction found that spacings do follow the Wigner surmise: distance 0.010 for a layer of 8,192 weights ' +
    'and 0.011 for a whole network, against 0.21 to the law of unrelated levels.',
  claims: [9],
}

export const porterThomas: PanelLesson = {
  id: 'porterThomas',
  title: 'Porter–Thomas test',
  reference: 'Fig. 7.17',
  caption: 'Entries of Hessian eigenvectors are not distributed like those of random directions.',
  expects: 'For every eigenvector the probability that a random direction has entries as unusual as its own.',
  axes: 'Index i to the right, p-value upwards. The line is the mean over neighbours; the band holds 95 % of such means for random vectors.',
  look: 'Dots spread evenly between 0 and 1, with a line inside the band, would be random vectors. Dots crowded at the bottom are eigenvectors with structure.',
  thesis: 'Averaged p-values stay below about 0.02: eigenvectors are not random.',
  formulas: [
    { tex: '\\tfrac12\\bigl(1+\\operatorname{erf}(v_i\\sqrt{n/2})\\bigr)=\\tfrac in', words: 'Eq. 7.7, corrected: sorted entries of a random unit vector follow a normal distribution of variance 1/n.' },
  ],
  errata: 'Eq. 7.7 prints vᵢn/2 inside the error function. For random vectors p is uniform between 0 and 1; only its average over many vectors is 0.5, so one p-value near 0.5 says nothing.',
  claims: [10],
}

export const participation: PanelLesson = {
  id: 'participation',
  title: 'Inverse participation ratio',
  reference: 'Fig. 7.21',
  caption: 'Eigenvectors at both ends of the spectrum rest on few weights, those in the middle on nearly all.',
  expects: 'For every eigenvector how few entries it rests on.',
  axes: 'Index i to the right, the inverse participation ratio upwards, logarithmic. 1 is a single weight; the dashed line 3/n is a random direction.',
  look: 'A curve that is high at the left, falls to a floor near 3/n and rises again at the right: the outermost eigenvectors are localised.',
  thesis: 'Largest at both ends; about 4 × 10⁻³ at the first eigenvector of the whole MLP 50 and up to 1 at the last.',
  formulas: [{ tex: '\\mathrm{IPR}_i=\\sum_{j=1}^n h_{ij}^4,\\qquad \\langle\\mathrm{IPR}\\rangle_{\\text{random}}=\\frac3{n+2}\\approx\\frac3n', words: 'Sum of fourth powers of the entries of a unit vector.' }],
  errata: 'Eq. 7.9’s text gives 1/n for random vectors; a random unit vector has 3/n.',
  claims: [14],
}

export const concentration: PanelLesson = {
  id: 'concentration',
  title: 'Layer concentration',
  reference: 'Fig. 7.18',
  caption: 'The steepest directions hold far more of the late layers than their few weights would explain.',
  expects: 'For every eigenvector the share that lies in each layer.',
  axes: 'Index i to the right, share of each layer upwards; the shares of one eigenvector add up to 1. Dashed: the layer’s share of the parameters, what a random direction has.',
  look: 'At the left the later layers lie above their dashed lines, the first layer below its own. In the middle the first layer takes everything; at the far right, among negative eigenvalues, the later ones return.',
  thesis: 'First layer 0.85–0.9 at the top and 1.0 from index 10,000 to 39,000 of 42,310; the other layers take over at the end.',
  formulas: [{ tex: '\\lVert\\mathbf h_i\\rVert_l^2=\\sum_{j\\in l}h_{ij}^2,\\qquad \\sum_l\\lVert\\mathbf h_i\\rVert_l^2=1', words: 'Eq. 7.8: the entries of layer l.' }],
  errata: 'Reproduced: the top twenty of MLP 50 move from (0.44, 0.37, 0.19) before training to (0.75, 0.18, 0.07), against (0.928, 0.060, 0.012) for random directions.',
  claims: [11],
}
