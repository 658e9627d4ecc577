/** [p[i], q[i]] at two places. */
function side(p: usize, q: usize): v128 {
  return f64x2.replace_lane(v128.load64_splat(p), 1, load<f64>(q))
}

/**
 * sums[0 … 8) += eight rows times y, each row in order on its own: what two neighbouring entries give is turned so that
 * a vector holds the same entry of two rows.
 */
export function eightDots(list: usize, offset: usize, y: usize, length: u32, sums: usize): void {
  const p0: usize = load<u32>(list) + offset
  const p1: usize = load<u32>(list, 4) + offset
  const p2: usize = load<u32>(list, 8) + offset
  const p3: usize = load<u32>(list, 12) + offset
  const p4: usize = load<u32>(list, 16) + offset
  const p5: usize = load<u32>(list, 20) + offset
  const p6: usize = load<u32>(list, 24) + offset
  const p7: usize = load<u32>(list, 28) + offset
  let a = v128.load(sums)
  let b = v128.load(sums, 16)
  let c = v128.load(sums, 32)
  let d = v128.load(sums, 48)
  const whole = <usize>(length & ~1) << 3
  let i: usize = 0
  for (; i < whole; i += 16) {
    const value = v128.load(y + i)
    const m0 = f64x2.mul(v128.load(p0 + i), value)
    const m1 = f64x2.mul(v128.load(p1 + i), value)
    const m2 = f64x2.mul(v128.load(p2 + i), value)
    const m3 = f64x2.mul(v128.load(p3 + i), value)
    const m4 = f64x2.mul(v128.load(p4 + i), value)
    const m5 = f64x2.mul(v128.load(p5 + i), value)
    const m6 = f64x2.mul(v128.load(p6 + i), value)
    const m7 = f64x2.mul(v128.load(p7 + i), value)
    a = f64x2.add(a, v128.shuffle<f64>(m0, m1, 0, 2))
    b = f64x2.add(b, v128.shuffle<f64>(m2, m3, 0, 2))
    c = f64x2.add(c, v128.shuffle<f64>(m4, m5, 0, 2))
    d = f64x2.add(d, v128.shuffle<f64>(m6, m7, 0, 2))
    a = f64x2.add(a, v128.shuffle<f64>(m0, m1, 1, 3))
    b = f64x2.add(b, v128.shuffle<f64>(m2, m3, 1, 3))
    c = f64x2.add(c, v128.shuffle<f64>(m4, m5, 1, 3))
    d = f64x2.add(d, v128.shuffle<f64>(m6, m7, 1, 3))
  }
  if (length & 1) {
    const value = v128.load64_splat(y + i)
    a = f64x2.add(a, f64x2.mul(side(p0 + i, p1 + i), value))
    b = f64x2.add(b, f64x2.mul(side(p2 + i, p3 + i), value))
    c = f64x2.add(c, f64x2.mul(side(p4 + i, p5 + i), value))
    d = f64x2.add(d, f64x2.mul(side(p6 + i, p7 + i), value))
  }
  v128.store(sums, a)
  v128.store(sums, b, 16)
  v128.store(sums, c, 32)
  v128.store(sums, d, 48)
}

/** The same for four rows. */
export function fourDots(list: usize, offset: usize, y: usize, length: u32, sums: usize): void {
  const p0: usize = load<u32>(list) + offset
  const p1: usize = load<u32>(list, 4) + offset
  const p2: usize = load<u32>(list, 8) + offset
  const p3: usize = load<u32>(list, 12) + offset
  let a = v128.load(sums)
  let b = v128.load(sums, 16)
  const whole = <usize>(length & ~1) << 3
  let i: usize = 0
  for (; i < whole; i += 16) {
    const value = v128.load(y + i)
    const m0 = f64x2.mul(v128.load(p0 + i), value)
    const m1 = f64x2.mul(v128.load(p1 + i), value)
    const m2 = f64x2.mul(v128.load(p2 + i), value)
    const m3 = f64x2.mul(v128.load(p3 + i), value)
    a = f64x2.add(a, v128.shuffle<f64>(m0, m1, 0, 2))
    b = f64x2.add(b, v128.shuffle<f64>(m2, m3, 0, 2))
    a = f64x2.add(a, v128.shuffle<f64>(m0, m1, 1, 3))
    b = f64x2.add(b, v128.shuffle<f64>(m2, m3, 1, 3))
  }
  if (length & 1) {
    const value = v128.load64_splat(y + i)
    a = f64x2.add(a, f64x2.mul(side(p0 + i, p1 + i), value))
    b = f64x2.add(b, f64x2.mul(side(p2 + i, p3 + i), value))
  }
  v128.store(sums, a)
  v128.store(sums, b, 16)
}

/** Adds x times y to four interleaved partial sums, entries beyond the last whole four left out. */
export function partialDot(x: usize, y: usize, length: u32, sums: usize): void {
  let a = v128.load(sums)
  let b = v128.load(sums, 16)
  const whole = <usize>(length & ~3) << 3
  for (let i: usize = 0; i < whole; i += 32) {
    a = f64x2.add(a, f64x2.mul(v128.load(x + i), v128.load(y + i)))
    b = f64x2.add(b, f64x2.mul(v128.load(x + i, 16), v128.load(y + i, 16)))
  }
  v128.store(sums, a)
  v128.store(sums, b, 16)
}

/** What partial sums and the entries beyond the last whole four give together. */
export function wholeDot(sums: usize, x: usize, y: usize, n: u32): f64 {
  let a = load<f64>(sums)
  const end = <usize>n << 3
  for (let i = <usize>(n & ~3) << 3; i < end; i += 8) a += load<f64>(x + i) * load<f64>(y + i)
  return a + load<f64>(sums, 8) + (load<f64>(sums, 16) + load<f64>(sums, 24))
}
