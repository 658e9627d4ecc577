import type { PanelLesson } from './panel-lesson.ts'

export const spacings: PanelLesson = {
  id: 'spacings',
  title: 'Level spacings',
  reference: 'Fig. 7.16',
  caption: 'Neighbouring eigenvalues repel each other like those of a random symmetric matrix.',
  expects: 'Distances between neighbouring eigenvalues in units of their local mean, beside two laws: levels that repel each other, and levels that know nothing of each other.',
  axes: 'Spacing {spacing} to the right, its density upwards; in the corner the share of spacings up to s. Solid is the Wigner surmise, dashed the law of independent levels.',
  look: 'A density that starts at zero and peaks near 0.8 is level repulsion, the law of random symmetric matrices. One that is largest at zero is that of unrelated levels. The sentence below says how far the measured distribution is from either law, and how far spectra that do follow it are from it by chance.',
  thesis: 'Spacings of the Hessian do not follow the Wigner surmise, so its eigenvalues are not randomly distributed.',
  formulas: [
    { tex: 'p_{\\text W}(s)=\\frac{\\pi s}{2}\\,e^{-\\pi s^2/4},\\qquad p_{\\text P}(s)=e^{-s}', words: 'Eq. 4.3, the Wigner surmise, and the law of independent levels.' },
    { tex: 's_i=\\xi_i-\\xi_{i+1},\\qquad D=\\max_s|F_{\\text{measured}}(s)-F(s)|', words: 'Spacings of the unfolded levels ξ, whose mean is 1, and the Kolmogorov–Smirnov distance to a law.' },
  ],
  errata:
    'Eq. 4.3 holds for unfolded levels, not for the singular values themselves. An independent reproduction found that spacings do follow the Wigner surmise: distance 0.010 for a layer of 8,192 weights ' +
    'and 0.011 for a whole network of 8,110, against 0.21 to the law of independent levels. Levels that are zero to rounding must be left out first.',
  claims: [9],
}

export const porterThomas: PanelLesson = {
  id: 'porterThomas',
  title: 'Porter–Thomas test',
  reference: 'Fig. 7.17',
  caption: 'Entries of Hessian eigenvectors are not distributed like those of random directions.',
  expects: 'For every eigenvector the probability that a random direction has entries as unusual as its own.',
  axes: 'Index i to the right, {pvalue} upwards. The line is the mean over neighbours; the band holds 95 % of such means for random vectors.',
  look: 'Dots spread evenly between 0 and 1, with a line inside the band, would be random vectors. Dots crowded at the bottom are eigenvectors with structure.',
  thesis: 'None of the eigenvectors follows the distribution of random ones; averages of {pvalue} stay below about 0.02.',
  formulas: [
    { tex: '\\tfrac12\\bigl(1+\\operatorname{erf}(v_i\\sqrt{n/2})\\bigr)=\\tfrac in', words: 'Eq. 7.7, corrected: sorted entries v₁ ≤ v₂ ≤ … of a random unit vector follow a normal distribution of variance 1/n.' },
  ],
  errata: 'Eq. 7.7 lacks the root over n/2. For random vectors p is uniform between 0 and 1; only its average over many is 0.5, so one value near 0.5 says nothing. Reproduced: eigenvectors fail the test although spacings pass theirs.',
  claims: [10],
}

export const participation: PanelLesson = {
  id: 'participation',
  title: 'Inverse participation ratio',
  reference: 'Fig. 7.21',
  caption: 'Eigenvectors at both ends of the spectrum rest on few weights, those in the middle on nearly all.',
  expects: 'For every eigenvector on how few entries it rests.',
  axes: 'Index i to the right, {ipr} upwards, logarithmic. 1 is a single weight; the dashed line 3/n is a random direction.',
  look: 'A curve that is high at the left, falls to a floor near 3/n and rises again at the right: the outermost eigenvectors are localised.',
  thesis: 'A U in the (128, 64) layer of MLP 256: about 4 × 10⁻³ at the first eigenvector, a floor of 7 × 10⁻⁴ before and 4 × 10⁻⁴ after training, and 0.5 to 1 at the last.',
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
  axes: 'Index i to the right, {share} upwards, one colour and symbol for each layer. Dashed is the layer’s share of the parameters, what a random direction has.',
  look: 'At the left the later layers lie above their dashed lines, the first layer below its own. In the middle the first layer takes everything; at the far right, among negative eigenvalues, the later ones return.',
  thesis: 'In MLP 50 the first layer holds 0.85–0.9 at the top and 1.0 from index 10,000 to 39,000 of 42,310; the other layers take over at the end.',
  formulas: [{ tex: '\\lVert\\mathbf h_i\\rVert_l^2=\\sum_{j\\in l}h_{ij}^2,\\qquad \\sum_l\\lVert\\mathbf h_i\\rVert_l^2=1', words: 'Eq. 7.8: the entries of layer l.' }],
  errata: 'Reproduced: the top twenty of MLP 50 move from (0.44, 0.37, 0.19) before training to (0.75, 0.18, 0.07), against (0.928, 0.060, 0.012) for random directions.',
  claims: [11],
}
