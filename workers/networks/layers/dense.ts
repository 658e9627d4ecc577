import { rowsOf } from '../../engine/tensor.ts'
import { linear } from './linear.ts'
import type { Layer } from '../layer.ts'

/** y = xW + b with W [inputs, outputs]; without `withBias` y = xW. Saves x. */
export function dense(inputs: number, outputs: number, withBias = true): Layer {
  return linear('dense', {
    kernelShape: [inputs, outputs],
    fans: { fanIn: inputs, fanOut: outputs },
    outputShape: [outputs],
    withBias,
    product: (ops, x, kernel) => ops.matmul(x, kernel),
    inputGradient: (ops, dy, kernel) => ops.matmul(dy, kernel, { transposeB: true }), // dy·Wᵀ
    kernelGradient: (ops, x, dy) => ops.matmul(x, dy, { transposeA: true }), // xᵀ·dy
    repeated: (ops, bias, x) => ops.broadcastRows(bias, rowsOf(x.shape)),
  })
}
