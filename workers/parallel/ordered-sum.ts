/**
 * total ← total + terms, one after the other in the order of their numbers, however they come in. Sums are rounded to
 * single precision after every term, as the kernels of the CPU engine do it.
 */
export class OrderedSum {
  private readonly waiting = new Map<number, Float32Array>()
  private next = 0

  constructor(private readonly total: Float32Array) {}

  add(number: number, term: Float32Array): void {
    const { total, waiting } = this
    waiting.set(number, term)
    for (let due = waiting.get(this.next); due !== undefined; due = waiting.get(this.next)) {
      waiting.delete(this.next++)
      for (let i = 0; i < due.length; i++) total[i] += due[i]
    }
  }
}
