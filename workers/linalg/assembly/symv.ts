/**
 * Rows [first, end) of a lower triangle times x, both triangles from one pass: sums ← what these rows give to entries
 * [0, end) of the product. `first` is a multiple of four, so that all but the last rows come in fours.
 */
export function multiplyStripe(a: usize, stride: usize, first: u32, end: u32, x: usize, sums: usize): void {
  memory.fill(sums, 0, <usize>end << 3)
  let i = first
  for (; i + 4 <= end; i += 4) multiplyFour(a + <usize>i * stride, stride, i, x, sums)
  for (; i < end; i++) multiplyOne(a + <usize>i * stride, i, x, sums)
}

function multiplyOne(row: usize, i: u32, x: usize, sums: usize): void {
  const xi = load<f64>(x + (<usize>i << 3))
  let sum: f64 = 0
  const bytes = <usize>i << 3
  for (let at: usize = 0; at < bytes; at += 8) {
    const value = load<f64>(row + at)
    sum += value * load<f64>(x + at)
    store<f64>(sums + at, load<f64>(sums + at) + value * xi)
  }
  store<f64>(sums + bytes, load<f64>(sums + bytes) + (sum + load<f64>(row + bytes) * xi))
}

/** Rows i … i + 3, i a multiple of four: their first i entries, then the triangle at the diagonal. */
function multiplyFour(row: usize, stride: usize, i: u32, x: usize, sums: usize): void {
  const bytes = <usize>i << 3
  let r0 = row
  let r1 = r0 + stride
  let r2 = r1 + stride
  let r3 = r2 + stride
  const v0 = v128.load_splat<f64>(x + bytes)
  const v1 = v128.load_splat<f64>(x + bytes, 8)
  const v2 = v128.load_splat<f64>(x + bytes, 16)
  const v3 = v128.load_splat<f64>(x + bytes, 24)
  let s0 = f64x2.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let from = x
  let to = sums
  const end = x + bytes
  while (from < end) {
    const xs = v128.load(from)
    let a = v128.load(r0)
    let sum = f64x2.add(v128.load(to), f64x2.mul(a, v0))
    s0 = f64x2.add(s0, f64x2.mul(a, xs))
    a = v128.load(r1)
    sum = f64x2.add(sum, f64x2.mul(a, v1))
    s1 = f64x2.add(s1, f64x2.mul(a, xs))
    a = v128.load(r2)
    sum = f64x2.add(sum, f64x2.mul(a, v2))
    s2 = f64x2.add(s2, f64x2.mul(a, xs))
    a = v128.load(r3)
    sum = f64x2.add(sum, f64x2.mul(a, v3))
    s3 = f64x2.add(s3, f64x2.mul(a, xs))
    v128.store(to, sum)
    from += 16
    to += 16
    r0 += 16
    r1 += 16
    r2 += 16
    r3 += 16
  }
  addTo(to, lanes(s0) + load<f64>(r0) * load<f64>(from))
  multiplyCorner(r1, 1, from, to, lanes(s1))
  multiplyCorner(r2, 2, from, to, lanes(s2))
  multiplyCorner(r3, 3, from, to, lanes(s3))
}

/** The last entries of row i + r, columns i … i + r. */
function multiplyCorner(row: usize, r: i32, x: usize, sums: usize, sum: f64): void {
  const xr = load<f64>(x + (<usize>r << 3))
  for (let c = 0; c < r; c++) {
    const at = <usize>c << 3
    const value = load<f64>(row + at)
    sum += value * load<f64>(x + at)
    addTo(sums + at, value * xr)
  }
  addTo(sums + (<usize>r << 3), sum + load<f64>(row + (<usize>r << 3)) * xr)
}

function addTo(place: usize, value: f64): void {
  store<f64>(place, load<f64>(place) + value)
}

function lanes(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}
