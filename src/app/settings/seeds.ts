/** A fresh seed between 0 and 9999: short enough to read aloud. */
export function newSeed(): number {
  return Math.floor(Math.random() * 10000)
}
