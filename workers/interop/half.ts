/** Networks in half precision, for files that ship. */
import { halfToNumber } from '../data/half.ts'
import type { Network } from '../networks/network.ts'
import { ownArrays } from './own-weights.ts'
import { checkState, slotsOf } from './slots.ts'

/** What rounding to half precision did to the numbers. */
export interface HalfRounding {
  /** max |rounded − exact| */
  readonly largest: number
  /** Name of the array with the largest difference. */
  readonly where: string
  /** ‖rounded − exact‖ / ‖exact‖ over weights and statistics; 0 for zeros. */
  readonly relative: number
}

const LARGEST_HALF = 65504

/** The binary16 pattern nearest to a float32 number, ties to even. Finite numbers beyond the range give infinity. */
export function toHalf(value: number): number {
  const [bits] = new Uint32Array(Float32Array.of(value).buffer)
  const sign = (bits >>> 16) & 0x8000
  const exponent = ((bits >>> 23) & 0xff) - 112
  const fraction = bits & 0x7fffff
  if (exponent === 143) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200)
  if (exponent >= 31) return sign | 0x7c00
  if (exponent < -10) return sign
  // Subnormal halves count in steps of 2^-24; a normal one keeps its upper ten bits. A carry moves the exponent up.
  const dropped = exponent > 0 ? 13 : 14 - exponent
  const whole = exponent > 0 ? (exponent << 23) | fraction : fraction | 0x800000
  const kept = whole >>> dropped
  const rest = whole & ((1 << dropped) - 1)
  const halfway = 1 << (dropped - 1)
  return sign | (kept + (rest > halfway || (rest === halfway && (kept & 1) === 1) ? 1 : 0))
}

/**
 * A safetensors file of a network's arrays as F16, by our names in alphabetical order.
 * @throws RangeError naming the array with a number beyond ±65504
 */
export function writeSafetensorsHalf(network: Network, state: Float32Array): { readonly bytes: Uint8Array; readonly rounding: HalfRounding } {
  checkState(network, state)
  const arrays = [...ownArrays(slotsOf(network), state)].sort(([a], [b]) => (a < b ? -1 : 1))
  const header: Record<string, unknown> = {}
  let size = 0
  for (const [name, { shape, data }] of arrays) {
    header[name] = { dtype: 'F16', shape, data_offsets: [size, size + 2 * data.length] }
    size += 2 * data.length
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const start = 8 + Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(start + size).fill(0x20, 8, start)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(start - 8), true)
  bytes.set(text, 8)
  return { bytes, rounding: putHalves(view, start, arrays.map(([name, { data }]) => [name, data])) }
}

function putHalves(view: DataView, start: number, arrays: readonly (readonly [name: string, data: ArrayLike<number>])[]): HalfRounding {
  let [at, largest, where, errorSquares, squares] = [start, 0, arrays[0]?.[0] ?? '', 0, 0]
  for (const [name, data] of arrays) {
    for (let i = 0; i < data.length; i++) {
      const half = toHalf(data[i])
      const error = Math.abs(halfToNumber(half) - data[i])
      if ((half & 0x7c00) === 0x7c00) throw new RangeError(`half precision: ${name} has ${data[i]} at index ${i}, expected at most ${LARGEST_HALF} in magnitude; write float32 instead`)
      if (error > largest) [largest, where] = [error, name]
      errorSquares += error * error
      squares += data[i] * data[i]
      view.setUint16(at, half, true)
      at += 2
    }
  }
  return { largest, where, relative: squares === 0 ? 0 : Math.sqrt(errorSquares / squares) }
}
