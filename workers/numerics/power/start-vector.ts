import type { Random } from '../random.ts'
import { float64Space as space } from '../vector-space.ts'

/** Unit vector in the direction asked for, (n), or a random one. Throws for a wrong length, zero, or entries that are not finite. */
export function startVector(method: string, n: number, { start, random }: { readonly start?: Float64Array; readonly random: Random }): Float64Array {
  if (start !== undefined && start.length !== n) {
    throw new RangeError(`${method}: start has length ${start.length}, the operator has size ${n}`)
  }
  const x = start === undefined ? space.random(n, random) : start.slice()
  const length = space.norm(x)
  if (!(length > 0 && length < Infinity)) throw new RangeError(`${method}: start has norm ${length}; give a finite vector other than zero`)
  return x.map((entry) => entry / length)
}
