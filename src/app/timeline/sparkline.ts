/**
 * SVG path through values spread evenly over a width; the largest value at the top. Values that are not finite break
 * the line. Empty for fewer than two values.
 */
export function sparklinePath(values: ArrayLike<number>, width: number, height: number): string {
  const finite = Array.from(values).filter(Number.isFinite)
  if (finite.length < 2) return ''
  const low = Math.min(...finite)
  const range = Math.max(...finite) - low || 1
  let pen = 'M'
  let path = ''
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      pen = 'M'
      continue
    }
    const x = (width * i) / (values.length - 1)
    const y = height - (height * (values[i] - low)) / range
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`
    pen = 'L'
  }
  return path
}
