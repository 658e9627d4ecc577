import { describe, expect, test } from 'vitest'
import { conformanceCases, FLOAT32_TOLERANCE, relativeDistance } from '../conformance.ts'
import { createReferenceEngine } from '../reference/reference-engine.ts'
import { createWasmEngine } from './wasm-engine.ts'
describe.each([false, true])('relaxed %s', (relaxed) => {
  test.each(conformanceCases)('agrees with float64: $name', async ({ run }) => {
    const engine = await createWasmEngine({ relaxed })
    const expected = await run(createReferenceEngine())
    const actual = await run(engine)
    expect(relativeDistance(actual, expected)).toBeLessThan(FLOAT32_TOLERANCE)
  })
})
