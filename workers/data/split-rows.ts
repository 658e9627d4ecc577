import type { DatasetSplit } from './dataset.ts'

/** The first samples of a split, as views. */
export function firstRows({ count, images, labels, raw }: DatasetSplit, wanted: number): DatasetSplit {
  const n = Math.min(wanted, count)
  const length = (images.length / count) * n
  return {
    count: n,
    images: images.subarray(0, length),
    labels: labels.subarray(0, n),
    ...(raw && { raw: raw.subarray(0, length) }),
  }
}

/** The samples at `rows`, in that order, copied. */
export function takeRows({ count, images, labels, raw }: DatasetSplit, rows: Uint32Array): DatasetSplit {
  const features = images.length / count
  const outImages = new Float32Array(rows.length * features)
  const outRaw = raw && new Uint8Array(rows.length * features)
  rows.forEach((row, k) => {
    outImages.set(images.subarray(row * features, (row + 1) * features), k * features)
    if (raw) outRaw?.set(raw.subarray(row * features, (row + 1) * features), k * features)
  })
  return { count: rows.length, images: outImages, labels: Uint8Array.from(rows, (row) => labels[row]), ...(outRaw && { raw: outRaw }) }
}
