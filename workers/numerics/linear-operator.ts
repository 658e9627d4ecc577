/** A square matrix known only through its products. */
export interface LinearOperator {
  /** n, the number of rows and columns. */
  readonly size: number
  readonly symmetric: boolean
  readonly positiveSemidefinite?: boolean
  /** y ← A x; x and y have length n and do not overlap. x is left unchanged. */
  apply(x: Float64Array, y: Float64Array): void | Promise<void>
}

/** Properties that a caller knows of a matrix or function. */
export interface OperatorProperties {
  readonly symmetric?: boolean
  readonly positiveSemidefinite?: boolean
}

/**
 * Operator of a stored matrix, [n, n] row-major. Symmetric unless told otherwise.
 * Throws when the length is not n².
 */
export function fromMatrix(matrix: Float64Array, size: number, properties: OperatorProperties = {}): LinearOperator {
  if (matrix.length !== size * size) {
    throw new RangeError(`operator: ${matrix.length} entries do not fill a ${size} x ${size} matrix`)
  }
  return fromFunction(size, (x, y) => multiply(matrix, size, x, y), properties)
}

/** Operator of a function y ← A x. Symmetric unless told otherwise. */
export function fromFunction(
  size: number,
  apply: LinearOperator['apply'],
  { symmetric = true, positiveSemidefinite }: OperatorProperties = {},
): LinearOperator {
  if (!Number.isInteger(size) || size < 0) {
    throw new RangeError(`operator: size=${size} is not a whole number from 0 on`)
  }
  return Object.freeze({ size, symmetric, apply, ...(positiveSemidefinite === undefined ? {} : { positiveSemidefinite }) })
}

function multiply(matrix: Float64Array, size: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < size; i++) {
    const row = i * size
    let sum = 0
    for (let j = 0; j < size; j++) sum += matrix[row + j] * x[j]
    y[i] = sum
  }
}
