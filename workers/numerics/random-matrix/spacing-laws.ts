/** Laws of the spacing s of neighbouring unfolded levels, both with mean one. */
import { exp } from '../deterministic-math.ts'

/** Wigner surmise p(s) = (π s/2) exp(−π s²/4) (Wigner 1957; thesis Eq. 4.3): levels of a random symmetric matrix. */
export function wignerDensity(s: number): number {
  return s > 0 ? ((Math.PI * s) / 2) * exp((-Math.PI * s * s) / 4) : 0
}

/** 1 − exp(−π s²/4). */
export function wignerCdf(s: number): number {
  return s > 0 ? 1 - exp((-Math.PI * s * s) / 4) : 0
}

/** exp(−s): levels that know nothing of each other. */
export function poissonDensity(s: number): number {
  return s >= 0 ? exp(-s) : 0
}

/** 1 − exp(−s). */
export function poissonCdf(s: number): number {
  return s > 0 ? 1 - exp(-s) : 0
}
