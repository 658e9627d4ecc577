/**
 * total ← total + terms, one after the other in the order of their numbers, however they come in. Sums are rounded to
 * single precision after every term, as the kernels of the CPU engine do it.
 */
export class OrderedSum {
  private readonly waiting = new Map<number, Float32Array>()
  private next = 0

  constructor(private readonly total: Float32Array) {}

  add(number: number, term: Float32Array): void {
    this.waiting.set(number, term)
    for (let due = this.waiting.get(this.next); due !== undefined; due = this.waiting.get(this.next)) {
      this.waiting.delete(this.next++)
      for (let i = 0; i < due.length; i++) this.total[i] += due[i]
    }
  }
}
