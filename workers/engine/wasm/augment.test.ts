import { describe, expect, test } from 'vitest'
import { numbers, TestBench } from './test-bench.ts'

const codeOf = (dy: number, dx: number, flip: number): number => dy + 128 + 256 * (dx + 128) + 65536 * flip

const CODES = [
  [0, 0, 0],
  [0, 0, 1],
  [1, -2, 0],
  [-2, 1, 1],
  [3, 4, 1],
  [-128, 127, 0],
  [2, -3, 1],
] as const

const IMAGES = [
  [5, 6, 1],
  [4, 5, 3],
  [3, 4, 6],
  [1, 1, 4],
] as const

describe.each(IMAGES)('augmentation of %i×%i pixels with %i channels', (height, width, channels) => {
  const size = height * width * channels

  test('moves and mirrors every image by its own code, zeros outside, neighbours untouched', async () => {
    const bench = await TestBench.open(CODES.length)
    const { ops } = bench
    const images = numbers(CODES.length * size, 1)
    const order = CODES.map((_, i) => (3 * i) % CODES.length)
    const codes = bench.indices(CODES.map(([dy, dx, flip]) => codeOf(dy, dx, flip)))
    const gathered = ops.gatheredRows(bench.buffer(images), bench.indices(order), size)
    const kept = bench.buffer(new Float32Array(CODES.length * size + 8).fill(7))
    const place = ops.fixed(kept, 4, [CODES.length, height, width, channels])
    const moved = ops.keep(ops.augment(gathered, ops.sampleRows(codes, [1]), [height, width, channels]), place)
    ops.store(ops.columnSum(moved), bench.empty([1, channels]), 'assign')
    await bench.run()
    const expected = new Float32Array(CODES.length * size + 8).fill(7)
    for (let at = 0; at < CODES.length * size; at++) {
      const row = Math.floor(at / size)
      const [dy, dx, flip] = CODES[row]
      const [y, x] = [Math.floor((at % size) / channels / width), Math.floor(at / channels) % width]
      const [fromY, fromX] = [y + dy, (flip === 1 ? width - 1 - x : x) + dx]
      const inside = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width
      expected[4 + at] = inside ? images[order[row] * size + (fromY * width + fromX) * channels + (at % channels)] : 0
    }
    expect(await bench.engine.read(kept)).toEqual(expected)
  })
})

describe('codes', () => {
  test.each(['sampled', 'gathered'] as const)('that mean nothing are refused before anything runs: %s', async (kind) => {
    const bench = await TestBench.open(2)
    const { ops, engine } = bench
    const codes = bench.indices([codeOf(0, 0, 1), codeOf(0, 0, 0), codeOf(127, 127, 1), codeOf(0, 0, 2)])
    const index = bench.indices([0, 1, 2, 3])
    const tensor = kind === 'sampled' ? ops.sampleRows(codes, [1]) : ops.gatheredRows(codes, index, 1)
    const out = engine.allocate('float', 16, 'out')
    ops.store(ops.augment(ops.sampleRows(bench.buffer(numbers(16, 1)), [4]), tensor, [2, 2, 1]), ops.sampleRows(out, [2, 2, 1]), 'assign')
    await expect(bench.run({}, 2)).rejects.toThrow(`augments by code ${codeOf(0, 0, 2)} (indices[3])`)
    expect(await engine.read(out)).toEqual(new Float32Array(16))
  })
})
