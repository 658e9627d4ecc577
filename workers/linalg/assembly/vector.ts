/** Sum of x[i]·y[i] over `count` entries: evens and odds of each half on their own, then together. */
export function dot(x: usize, y: usize, count: u32): f64 {
  let s0 = f64x2.splat(0)
  let s1 = s0
  const whole = x + (<usize>(count & ~3) << 3)
  const end = x + (<usize>count << 3)
  while (x < whole) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(x), v128.load(y)))
    s1 = f64x2.add(s1, f64x2.mul(v128.load(x, 16), v128.load(y, 16)))
    x += 32
    y += 32
  }
  s0 = f64x2.add(s0, s1)
  let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1)
  for (; x < end; x += 8, y += 8) sum += load<f64>(x) * load<f64>(y)
  return sum
}

/** z ← z − (s·x + t·y), `count` entries. */
export function subtractTwo(z: usize, x: usize, s: f64, y: usize, t: f64, count: u32): void {
  const ss = f64x2.splat(s)
  const tt = f64x2.splat(t)
  const whole = z + (<usize>(count & ~1) << 3)
  while (z < whole) {
    v128.store(z, f64x2.sub(v128.load(z), f64x2.add(f64x2.mul(v128.load(x), ss), f64x2.mul(v128.load(y), tt))))
    x += 16
    y += 16
    z += 16
  }
  if (count & 1) store<f64>(z, load<f64>(z) - (load<f64>(x) * s + load<f64>(y) * t))
}

/** z ← z + x, `count` entries. */
export function addVector(z: usize, x: usize, count: u32): void {
  const whole = z + (<usize>(count & ~1) << 3)
  while (z < whole) {
    v128.store(z, f64x2.add(v128.load(z), v128.load(x)))
    x += 16
    z += 16
  }
  if (count & 1) store<f64>(z, load<f64>(z) + load<f64>(x))
}

/** z ← s·z − t·x, `count` entries. */
export function scaleAndSubtract(z: usize, s: f64, x: usize, t: f64, count: u32): void {
  for (const end = z + (<usize>count << 3); z < end; z += 8, x += 8) store<f64>(z, load<f64>(z) * s - load<f64>(x) * t)
}

/** z ← s·x, `count` entries. */
export function scaleTo(z: usize, x: usize, s: f64, count: u32): void {
  for (const end = z + (<usize>count << 3); z < end; z += 8, x += 8) store<f64>(z, load<f64>(x) * s)
}
