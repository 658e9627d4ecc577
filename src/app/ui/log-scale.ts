/** Places on a slider for a setting that spans powers of ten: 0 at `min`, `STEPS` at `max`. */
export const STEPS = 300

export function toSlider(value: number, min: number, max: number): number {
  const place = (STEPS * Math.log(value / min)) / Math.log(max / min)
  return Math.min(STEPS, Math.max(0, Math.round(place)))
}

/** The value at a place, rounded to two significant digits so that it can be read and typed. */
export function fromSlider(place: number, min: number, max: number): number {
  return Number((min * (max / min) ** (place / STEPS)).toPrecision(2))
}
