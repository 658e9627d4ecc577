/** y ← y + (c0 p + c1 q + (c2 r + c3 s)), then the same with the next four rows. */
export function addEight(list: usize, offset: usize, y: usize, length: u32, c: usize, sign: f64): void {
  const p0: usize = load<u32>(list) + offset
  const p1: usize = load<u32>(list, 4) + offset
  const p2: usize = load<u32>(list, 8) + offset
  const p3: usize = load<u32>(list, 12) + offset
  const p4: usize = load<u32>(list, 16) + offset
  const p5: usize = load<u32>(list, 20) + offset
  const p6: usize = load<u32>(list, 24) + offset
  const p7: usize = load<u32>(list, 28) + offset
  const c0 = f64x2.splat(sign * load<f64>(c))
  const c1 = f64x2.splat(sign * load<f64>(c, 8))
  const c2 = f64x2.splat(sign * load<f64>(c, 16))
  const c3 = f64x2.splat(sign * load<f64>(c, 24))
  const c4 = f64x2.splat(sign * load<f64>(c, 32))
  const c5 = f64x2.splat(sign * load<f64>(c, 40))
  const c6 = f64x2.splat(sign * load<f64>(c, 48))
  const c7 = f64x2.splat(sign * load<f64>(c, 56))
  const whole = <usize>(length & ~1) << 3
  let i: usize = 0
  for (; i < whole; i += 16) {
    const first = f64x2.add(v128.load(y + i), fourProducts(v128.load(p0 + i), v128.load(p1 + i), v128.load(p2 + i), v128.load(p3 + i), c0, c1, c2, c3))
    v128.store(y + i, f64x2.add(first, fourProducts(v128.load(p4 + i), v128.load(p5 + i), v128.load(p6 + i), v128.load(p7 + i), c4, c5, c6, c7)))
  }
  if (length & 1) {
    const first = f64x2.add(v128.load64_zero(y + i), fourProducts(v128.load64_zero(p0 + i), v128.load64_zero(p1 + i), v128.load64_zero(p2 + i), v128.load64_zero(p3 + i), c0, c1, c2, c3))
    const both = f64x2.add(first, fourProducts(v128.load64_zero(p4 + i), v128.load64_zero(p5 + i), v128.load64_zero(p6 + i), v128.load64_zero(p7 + i), c4, c5, c6, c7))
    store<f64>(y + i, f64x2.extract_lane(both, 0))
  }
}

/** The same with four rows alone. */
export function addFour(list: usize, offset: usize, y: usize, length: u32, c: usize, sign: f64): void {
  const p0: usize = load<u32>(list) + offset
  const p1: usize = load<u32>(list, 4) + offset
  const p2: usize = load<u32>(list, 8) + offset
  const p3: usize = load<u32>(list, 12) + offset
  const c0 = f64x2.splat(sign * load<f64>(c))
  const c1 = f64x2.splat(sign * load<f64>(c, 8))
  const c2 = f64x2.splat(sign * load<f64>(c, 16))
  const c3 = f64x2.splat(sign * load<f64>(c, 24))
  const whole = <usize>(length & ~1) << 3
  let i: usize = 0
  for (; i < whole; i += 16) {
    v128.store(y + i, f64x2.add(v128.load(y + i), fourProducts(v128.load(p0 + i), v128.load(p1 + i), v128.load(p2 + i), v128.load(p3 + i), c0, c1, c2, c3)))
  }
  if (length & 1) {
    const sum = f64x2.add(v128.load64_zero(y + i), fourProducts(v128.load64_zero(p0 + i), v128.load64_zero(p1 + i), v128.load64_zero(p2 + i), v128.load64_zero(p3 + i), c0, c1, c2, c3))
    store<f64>(y + i, f64x2.extract_lane(sum, 0))
  }
}

/** y ← y + c x. */
export function addOne(x: usize, y: usize, length: u32, c: f64): void {
  const factor = f64x2.splat(c)
  const whole = <usize>(length & ~1) << 3
  let i: usize = 0
  for (; i < whole; i += 16) v128.store(y + i, f64x2.add(v128.load(y + i), f64x2.mul(factor, v128.load(x + i))))
  if (length & 1) store<f64>(y + i, load<f64>(y + i) + c * load<f64>(x + i))
}

function fourProducts(p: v128, q: v128, r: v128, s: v128, a: v128, b: v128, c: v128, d: v128): v128 {
  return f64x2.add(f64x2.add(f64x2.mul(a, p), f64x2.mul(b, q)), f64x2.add(f64x2.mul(c, r), f64x2.mul(d, s)))
}
