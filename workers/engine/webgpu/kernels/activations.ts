import type { ActivationName } from '../../operations.ts'

/*
 * WGSL lets exp and tanh be wrong by many units in the last place, so everything is built here from arithmetic. The
 * polynomials are minimax fits in float64 to the relative error that is named; rounding adds about 1e-7 to it.
 * No function overflows, and a NaN goes through where the device keeps NaNs.
 */

/** Horner's scheme, lowest coefficient first. */
function polynomial(x: string, coefficients: readonly number[]): string {
  return coefficients.reduceRight((inner, coefficient) => (inner === '' ? `${coefficient}` : `fma(${inner}, ${x}, ${coefficient})`), '')
}

/** e^x for x ≤ 0, 0 below −87: 2ⁿ·e^r with |r| ≤ ln 2 / 2, the logarithm in two parts of which n times the first is exact. Fit 4e-9. */
const DECAY = `fn decay(x : f32) -> f32 {
let n = round(max(x, -88.0) * 1.44269504);
let r = fma(n, 2.12194440e-4, fma(n, -0.693359375, x));
let q = ${polynomial('r', [0.50000001, 0.166665129, 0.0416661873, 0.00836959828, 0.00139517186])};
let power = bitcast<f32>(u32(i32(n) + 127i) << 23u);
return select(fma(r * r, q, r + 1.0) * power, 0.0, x < -87.0);
}`

/** tanh: odd polynomial near zero (fit 3e-9), (1 − e)/(1 + e) with e = e^−2|x| beyond. */
const TANH = `fn tanh_value(x : f32) -> f32 {
let a = abs(x);
let z = x * x;
let near = fma(x * z, ${polynomial('z', [-0.333332993, 0.133319582, -0.0537866828, 0.0208053822, -0.00590586577])}, x);
let e = decay(-2.0 * a);
let far = (1.0 - e) / (1.0 + e);
return select(select(far, -far, x < 0.0), near, a < 0.6);
}
fn tanh_slope(x : f32) -> f32 {
let e = decay(-2.0 * abs(x));
return 4.0 * e / ((1.0 + e) * (1.0 + e));
}
fn tanh_curvature(x : f32) -> f32 { return -2.0 * tanh_value(x) * tanh_slope(x); }`

const SIGMOID = `fn sigmoid_value(x : f32) -> f32 {
let e = decay(-abs(x));
return select(1.0, e, x < 0.0) / (1.0 + e);
}
fn sigmoid_slope(x : f32) -> f32 {
let e = decay(-abs(x));
return e / ((1.0 + e) * (1.0 + e));
}
fn sigmoid_curvature(x : f32) -> f32 { return -sigmoid_slope(x) * tanh_value(0.5 * x); }`

/** max(x, 0) + ln(1 + e^−|x|), the logarithm as 2·artanh(e/(2 + e)); fit 5e-9. */
const SOFTPLUS = `fn softplus_value(x : f32) -> f32 {
let e = decay(-abs(x));
let s = e / (2.0 + e);
let z = s * s;
return select(0.0, x, x > 0.0) + fma(s * z, ${polynomial('z', [0.666664131, 0.400216991, 0.279991405, 0.280244612])}, 2.0 * s);
}
fn softplus_slope(x : f32) -> f32 { return sigmoid_value(x); }
fn softplus_curvature(x : f32) -> f32 { return sigmoid_slope(x); }`

/** Mills' ratio (1 − Φ(a))/φ(a) for a ≥ 0 as t·P(t) with t = 1/(1 + 0.35a); fit 2e-8. With it Φ keeps its relative error in the tail. */
const MILLS_COEFFICIENTS: readonly number[] = [
  0.350000006, 0.349998481, 0.307197316, 0.220017982, 0.121509934, -0.0718280045, 0.17583307, -0.568314914, 0.592991587, -0.272666789, 0.048575453,
]

const GELU = `fn normal_density(x : f32) -> f32 { return 0.398942280 * decay(-0.5 * x * x); }
fn normal_cumulative(x : f32) -> f32 {
let t = 1.0 / fma(0.35, abs(x), 1.0);
let tail = normal_density(x) * t * (${polynomial('t', MILLS_COEFFICIENTS)});
return select(1.0 - tail, tail, x < 0.0);
}
fn gelu_value(x : f32) -> f32 { return x * normal_cumulative(x); }
fn gelu_slope(x : f32) -> f32 { return fma(x, normal_density(x), normal_cumulative(x)); }
fn gelu_curvature(x : f32) -> f32 {
let a = select(x, 20.0, abs(x) > 20.0);
return fma(-a, a, 2.0) * normal_density(a);
}`

const FUNCTIONS: Readonly<Record<ActivationName, readonly string[]>> = {
  tanh: [DECAY, TANH],
  sigmoid: [DECAY, TANH, SIGMOID],
  softplus: [DECAY, TANH, SIGMOID, SOFTPLUS],
  gelu: [DECAY, GELU],
}

/** WGSL of `<name>_value`, `<name>_slope` and `<name>_curvature`, with what they call. */
export function activationFunctions(name: ActivationName): readonly string[] {
  return FUNCTIONS[name]
}
