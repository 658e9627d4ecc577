import * as activations from './activations'
import { ASSIGN, put, putColumns, targetAt, writeMode } from './write'

/** Functions with their first and second derivatives, in the numbering of the encoder. */
const TANH: u32 = 0
const SIGMOID: u32 = 1
const SOFTPLUS: u32 = 2
const GELU: u32 = 3
const TANH_SLOPE: u32 = 4
const SIGMOID_SLOPE: u32 = 5
const SOFTPLUS_SLOPE: u32 = 6
const GELU_SLOPE: u32 = 7
const TANH_CURVATURE: u32 = 8
const SIGMOID_CURVATURE: u32 = 9
const SOFTPLUS_CURVATURE: u32 = 10
const GELU_CURVATURE: u32 = 11

// @ts-ignore: decorator
@inline
function functionOf(apply: u32, x: v128): v128 {
  if (apply == TANH) return activations.tanh(x)
  if (apply == SIGMOID || apply == SOFTPLUS_SLOPE) return activations.sigmoid(x)
  if (apply == SOFTPLUS) return activations.softplus(x)
  if (apply == GELU) return activations.gelu(x)
  if (apply == TANH_SLOPE) return activations.tanhSlope(x)
  if (apply == SIGMOID_SLOPE || apply == SOFTPLUS_CURVATURE) return activations.sigmoidSlope(x)
  if (apply == GELU_SLOPE) return activations.geluSlope(x)
  if (apply == TANH_CURVATURE) return activations.tanhCurvature(x)
  if (apply == SIGMOID_CURVATURE) return activations.sigmoidCurvature(x)
  return activations.geluCurvature(x)
}

/** A loop for every function, so that its constants are made once. */
// @ts-ignore: decorator
@inline
function loop(apply: u32, r: u32, x: usize, y: usize, columns: u32): void {
  const assigns = writeMode() == ASSIGN
  for (let j: u32 = 0; j < columns; j += 4, x += 16, y += 16) {
    const value = apply < TANH_SLOPE ? functionOf(apply, v128.load(x)) : f32x4.mul(v128.load(x), functionOf(apply, v128.load(y)))
    if (assigns && j + 4 <= columns) put(ASSIGN, targetAt(r, j << 2), 0, value)
    else putColumns(r, j, columns - j, value)
  }
}

/** Row r of f(x), or of x·f′(y) and x·f″(y). */
export function smoothRow(apply: u32, r: u32, x: usize, y: usize, columns: u32): void {
  switch (apply) {
    case TANH: loop(TANH, r, x, y, columns); break
    case SIGMOID: loop(SIGMOID, r, x, y, columns); break
    case SOFTPLUS: loop(SOFTPLUS, r, x, y, columns); break
    case GELU: loop(GELU, r, x, y, columns); break
    case TANH_SLOPE: loop(TANH_SLOPE, r, x, y, columns); break
    case SIGMOID_SLOPE: case SOFTPLUS_CURVATURE: loop(SIGMOID_SLOPE, r, x, y, columns); break
    case SOFTPLUS_SLOPE: loop(SOFTPLUS_SLOPE, r, x, y, columns); break
    case GELU_SLOPE: loop(GELU_SLOPE, r, x, y, columns); break
    case TANH_CURVATURE: loop(TANH_CURVATURE, r, x, y, columns); break
    case SIGMOID_CURVATURE: loop(SIGMOID_CURVATURE, r, x, y, columns); break
    default: loop(GELU_CURVATURE, r, x, y, columns)
  }
}
