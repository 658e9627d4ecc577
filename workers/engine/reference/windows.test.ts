import { expect, test } from 'vitest'
import { conformanceCases } from '../conformance.ts'
import { createReferenceEngine } from './reference-engine.ts'

test.each(conformanceCases)('the reference gives finite numbers that are not all zero: $name', async ({ run }) => {
  const values = await run(createReferenceEngine())
  expect(values.every(Number.isFinite)).toBe(true)
  expect(values.some((value) => value !== 0)).toBe(true)
})
