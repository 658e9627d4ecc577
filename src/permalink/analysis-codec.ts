import type { Analysis } from '../contracts/experiment.ts'
import { decimal, selection, type Codec } from './codec.ts'

/** A setting that always stands in a link, at its place. */
interface Place {
  readonly field: string
  readonly codec: Codec<never>
}

/** A word that stands for a value other than the usual one. */
interface Word {
  readonly field: string
  readonly usual: unknown
  /** The word of a value, and the value of a word; undefined where there is none. */
  readonly wordOf: (value: unknown) => string | undefined
  readonly valueOf: (word: string) => unknown
}

/** How one kind of analysis reads: `name:place:place:word:word`. */
interface Form {
  readonly name: string
  readonly kind: Analysis['kind']
  readonly places: readonly Place[]
  readonly words: readonly Word[]
}

const number = (field: string): Place => ({ field, codec: decimal })
const text = (field: string): Place => ({ field, codec: { parse: (given) => given, format: (value: string) => value } })
const weights: Place = { field: 'selection', codec: selection }

/** A word for each value but the usual one. */
function words(field: string, usual: unknown, values: Readonly<Record<string, unknown>>): Word {
  return {
    field,
    usual,
    wordOf: (value) => Object.keys(values).find((word) => values[word] === value),
    valueOf: (word) => (Object.hasOwn(values, word) ? values[word] : undefined),
  }
}

/** `name=12`, left out where it is the usual value. */
function numbered(name: string, field: string, usual: unknown): Word {
  return {
    field,
    usual,
    wordOf: (value) => `${name}=${String(value)}`,
    valueOf: (word) => (word.startsWith(`${name}=`) ? decimal.parse(word.slice(name.length + 1)) : undefined),
  }
}

const PART: Word = {
  field: 'part',
  usual: 'first',
  wordOf: String,
  valueOf: (word) => (/^(class|batch)\d+$/.test(word) ? word : undefined),
}

const MATRIX: readonly Word[] = [
  words('matrix', 'hessian', { gaussNewton: 'gaussNewton', fisher: 'fisher', empiricalFisher: 'empiricalFisher' }),
  words('decayTerm', true, { nodecay: false }),
  PART,
  words('batchNorm', 'inference', { training: 'training' }),
]

const COMPARE = numbered('compare', 'compare', null)
const MEMORY = numbered('memory', 'memory', 2000)

const FORMS: readonly Form[] = [
  {
    name: 'hessian',
    kind: 'hessian',
    places: [weights, number('largest'), number('smallest'), number('samples'), number('tolerance'), number('maxProducts')],
    words: [...MATRIX, numbered('batches', 'batches', 1), COMPARE, MEMORY],
  },
  { name: 'svd', kind: 'singularValues', places: [text('edge')], words: [words('reshape', 'thesis', { filters: 'filters' })] },
  { name: 'pca', kind: 'principalComponents', places: [number('components')], words: [] },
  {
    name: 'whole',
    kind: 'wholeSpectrum',
    places: [weights, number('samples')],
    words: [...MATRIX, words('vectors', true, { novectors: false }), words('solver', 'float64', { gpu: 'gpu' }), COMPARE, MEMORY],
  },
  { name: 'density', kind: 'density', places: [weights, number('probes'), number('steps'), number('samples')], words: [...MATRIX, COMPARE] },
  { name: 'trace', kind: 'trace', places: [weights, text('method'), number('probes'), number('samples')], words: MATRIX },
  {
    name: 'steps',
    kind: 'demonstration',
    places: [weights, text('algorithm'), number('steps'), number('samples')],
    words: [...MATRIX, words('reorthogonalise', true, { ghosts: false })],
  },
  { name: 'filter', kind: 'noiseFiltering', places: [weights, number('points')], words: [] },
]

/**
 * One analysis: `hessian:<selection>:<largest>:<smallest>:<samples>:<tolerance>:<maxProducts>`, `svd:<edge>`,
 * `pca:<components>`, `whole:<selection>:<samples>`, `density:<selection>:<probes>:<steps>:<samples>`,
 * `trace:<selection>:<method>:<probes>:<samples>`, `steps:<selection>:<algorithm>:<steps>:<samples>`,
 * `filter:<selection>:<points>`; behind them, in any order, words for what is not as usual, such as `gaussNewton`,
 * `nodecay`, `class3`, `training`, `compare=0`.
 */
export const analysis: Codec<Analysis> = {
  parse: (given) => {
    const [name, ...parts] = given.split(':')
    const form = FORMS.find((each) => each.name === name)
    if (form === undefined || parts.length < form.places.length) return { kind: given }
    const settings: Record<string, unknown> = { kind: form.kind }
    form.places.forEach(({ field, codec }, i) => (settings[field] = codec.parse(parts[i])))
    for (const { field, usual } of form.words) settings[field] = usual
    for (const part of parts.slice(form.places.length)) {
      const word = form.words.find(({ valueOf }) => valueOf(part) !== undefined)
      if (word === undefined) return { kind: given }
      settings[word.field] = word.valueOf(part)
    }
    return settings
  },
  format: (value) => {
    const form = FORMS.find(({ kind }) => kind === value.kind)
    if (form === undefined) throw new Error(`permalink: no text for an analysis of kind ${value.kind}`)
    const settings = value as Readonly<Record<string, unknown>>
    const places = form.places.map(({ field, codec }) => codec.format(settings[field] as never))
    const unusual = form.words.filter(({ field, usual }) => settings[field] !== usual)
    return [form.name, ...places, ...unusual.map(({ field, wordOf }) => wordOf(settings[field]) ?? '')].join(':')
  },
}
