import { unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import type { Analysis, Experiment } from '../../src/contracts/experiment.ts'
import type { CheckResult } from '../../src/contracts/results.ts'
import { analysisOf, eventGate, testLab, withTraining, type TestLab } from './test-lab.ts'

const base = withTraining({ epochs: 1, weightDecay: 0.001 })
const hessian = { kind: 'hessian', selection: '2.kernel', samples: 100, largest: 4, smallest: 0, tolerance: 1e-4, maxProducts: 48 } as const

async function finished(analyses: readonly Analysis[], experiment: Experiment = base): Promise<TestLab> {
  const lab = await testLab()
  await lab.open({ ...experiment, analyses: [...analyses] })
  await lab.session.runAll()
  return lab
}

async function checked(analysis: Analysis, experiment: Experiment = base): Promise<CheckResult> {
  const lab = await finished([analysis], experiment)
  await lab.session.check(0)
  const [result] = lab.results('check')
  return result
}

const verdicts = ({ items }: CheckResult): Readonly<Record<string, string>> => Object.fromEntries(items.map(({ name, verdict }) => [name, verdict]))

describe('a good result is found good', () => {
  test.each<{ name: string; analysis: Analysis; items: readonly string[] }>([
    { name: 'the top of a spectrum', analysis: analysisOf(hessian), items: ['Residuals', 'Orthogonality', 'Another start vector', 'Whole matrix', 'Reference in float64'] },
    { name: 'a Gauss–Newton spectrum of a class', analysis: analysisOf({ ...hessian, matrix: 'gaussNewton', part: 'class1' }), items: ['Residuals', 'Orthogonality', 'Another start vector', 'Whole matrix', 'Reference in float64'] },
    { name: 'a whole spectrum from factors', analysis: analysisOf({ kind: 'wholeSpectrum', selection: '2.kernel', samples: 100 }), items: ['Trace', 'Residuals', 'Orthogonality', 'Products', 'Reference in float64'] },
    { name: 'a whole spectrum from products', analysis: analysisOf({ kind: 'wholeSpectrum', selection: '1.bias+2.kernel', samples: 100 }), items: ['Trace', 'Residuals', 'Orthogonality', 'Products', 'Reference in float64'] },
    { name: 'a whole spectrum without vectors', analysis: analysisOf({ kind: 'wholeSpectrum', selection: '2.kernel', samples: 100, vectors: false }), items: ['Trace', 'Products', 'Reference in float64'] },
    { name: 'a density', analysis: analysisOf({ kind: 'density', selection: '2.kernel+3.kernel', samples: 100, probes: 12, steps: 50 }), items: ['Number of steps', 'Other directions', 'Trace of the whole matrix', 'Negative mass of the whole matrix', 'Reference in float64'] },
    { name: 'a trace', analysis: analysisOf({ kind: 'trace', selection: 'all', samples: 100, method: 'hutchinson', probes: 40 }), items: ['Other probes', 'Layers', 'Whole matrix', 'Reference in float64'] },
    { name: 'a trace by Hutch++ that knows the whole matrix', analysis: analysisOf({ kind: 'trace', selection: '3.bias', samples: 100, method: 'hutchpp', probes: 20 }), items: ['Other probes', 'Whole matrix', 'Reference in float64'] },
    { name: 'singular values', analysis: analysisOf({ kind: 'singularValues', edge: 'fit' }), items: ['Layer 1', 'Layer 2', 'Layer 3'] },
  ])('$name', async ({ analysis, items }) => {
    const result = await checked(analysis)
    expect(verdicts(result)).toEqual(Object.fromEntries(items.map((name) => [name, 'good'])))
    expect(result).toMatchObject({ analysis: 0, verdict: 'good', provenance: { epoch: 1 } })
  })
})

describe('what is not good', () => {
  test('a loose tolerance with few products is not green, though its own settings call it converged', async () => {
    const { items, verdict } = await checked(analysisOf({ ...hessian, selection: 'all', largest: 4, smallest: 0, tolerance: 0.1, maxProducts: 8 }))
    expect(['tolerable', 'bad']).toContain(verdict)
    expect(items.find(({ name }) => name === 'Residuals')?.verdict).not.toBe('good')
  })

  test('the verdict is that of the worst comparison made', async () => {
    const result = await checked(analysisOf({ kind: 'density', selection: 'all', samples: 100, probes: 8, steps: 4 }))
    const found = Object.values(verdicts(result))
    expect(result.verdict).toBe((['bad', 'tolerable', 'good'] as const).find((verdict) => found.includes(verdict)))
    expect(result.verdict).not.toBe('good')
  })

  test('two probes do not tell their own error: the comparison is not made', async () => {
    for (const analysis of [analysisOf({ kind: 'trace', selection: 'all', samples: 100, method: 'hutchinson', probes: 2 }), analysisOf({ kind: 'density', selection: 'all', samples: 100, probes: 1, steps: 60 })]) {
      const result = await checked(analysis)
      expect(Object.values(verdicts(result)).filter((verdict) => verdict === 'not done')).toHaveLength(2)
    }
  })

  test('a matrix of more than 2,500 weights is not written out, and says so', async () => {
    const wide: Experiment = { ...base, network: { ...base.network, layers: [{ kind: 'dense', units: 180, batchNorm: false }] }, training: { ...base.training, epochs: 0 } }
    const result = await checked(analysisOf({ kind: 'trace', selection: 'all', samples: 20, method: 'hutchinson', probes: 8 }), wide)
    expect(verdicts(result)['Whole matrix']).toBe('not done')
    expect(result.items.find(({ name }) => name === 'Whole matrix')?.what).toContain('2500')
  })
})

describe('what cannot be checked', () => {
  test.each<Analysis>([
    analysisOf({ kind: 'demonstration', selection: '2.kernel', samples: 60, algorithm: 'power', steps: 3 }),
    analysisOf({ kind: 'noiseFiltering', selection: '2.kernel', points: 2 }),
    analysisOf({ kind: 'principalComponents', components: 4 }),
  ])('$kind is refused in words', async (analysis) => {
    await expect(checked(analysis)).rejects.toMatchObject({ code: 'bad-settings', remedy: 'Check a spectrum, a density, a trace or singular values.' })
  })

  test('an analysis without a result asks for it', async () => {
    const lab = await finished([])
    await expect(lab.session.check(0)).rejects.toMatchObject({ code: 'not-ready', message: 'Analysis 1 has no result to check.' })
    await expect((await testLab()).session.check(0)).rejects.toMatchObject({ code: 'not-ready' })
  })
})

test.each(['another start vector', 'whole matrix', 'reference in float64'])('a check stopped at "%s" tells no verdict, and can be asked for again', async (where) => {
  const gate = eventGate()
  const lab = await testLab({ onEvent: gate.onEvent })
  await lab.open({ ...base, analyses: [analysisOf({ ...hessian, selection: 'all', samples: 240, maxProducts: 100 })] })
  await lab.session.runAll()
  const checking = lab.session.check(0)
  await gate.when((event) => event.type === 'progress' && event.progress.what.startsWith(`Check: ${where}`))
  await lab.session.cancel()
  await checking
  expect(lab.results('check')).toHaveLength(0)
  await lab.session.check(0)
  expect(lab.results('check')).toHaveLength(1)
})

test('a check is in the manifest of an exported run', async () => {
  const lab = await finished([analysisOf(hessian)])
  await lab.session.check(0)
  const manifest = JSON.parse(new TextDecoder().decode(unzipSync((await lab.session.exportRun()).bytes)['manifest.json'])) as { readonly results: readonly { readonly kind: string; readonly verdict?: string }[] }
  expect(manifest.results.find(({ kind }) => kind === 'check')?.verdict).toBe('good')
})

test('a check is out of date with its result', async () => {
  const lab = await finished([analysisOf(hessian)])
  await lab.session.check(0)
  lab.clear()
  await lab.session.update({ ...base, analyses: [analysisOf({ ...hessian, largest: 5 })] })
  expect(lab.ofType('stale')[0].results).toContain('check')
})
