import type { Analysis, Schedule, SettingChange, View } from '../contracts/experiment.ts'

/** How a value reads in a link. `parse` is lenient and leaves it to the schema to refuse; it never throws. */
export interface Codec<T> {
  readonly parse: (text: string) => unknown
  readonly format: (value: T) => string
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const NONE = 'none'

function toNumber(text: string | undefined): number {
  return text !== undefined && DECIMAL.test(text) ? Number(text) : NaN
}

/** Decimal; the shortest text that reads back as the same number. */
export const decimal: Codec<number> = { parse: toNumber, format: String }

export const word: Codec<string> = { parse: (text) => text, format: (value) => value }

export const flag: Codec<boolean> = {
  parse: (text) => (text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text),
  format: String,
}

/** `2.kernel+2.bias`; some programs turn the plus of a link into a space. */
export const selection: Codec<string> = { parse: (text) => text.replaceAll(' ', '+'), format: (value) => value }

/** A value that may be null, for which a word stands. */
export function orNull<T>(codec: Codec<T>, nullWord: string): Codec<T | null> {
  return {
    parse: (text) => (text === nullWord ? null : codec.parse(text)),
    format: (value) => (value === null ? nullWord : codec.format(value)),
  }
}

/** Several values with a separator between; `none` for an empty list. */
export function list<T>(codec: Codec<T>, separator: string): Codec<readonly T[]> {
  return {
    parse: (text) => (text === NONE ? [] : text.split(separator).map((part) => codec.parse(part))),
    format: (values) => (values.length === 0 ? NONE : values.map((value) => codec.format(value)).join(separator)),
  }
}

/** `constant`, `exp:0.99` */
export const schedule: Codec<Schedule> = {
  parse: (text) => {
    const [name, decay, ...more] = text.split(':')
    return name === 'exp' && more.length === 0 ? { kind: 'exponential', decay: toNumber(decay) } : { kind: text }
  },
  format: (value) => (value.kind === 'constant' ? value.kind : `exp:${String(value.decay)}`),
}

/** `120:lr=0.05,wd=0.001,batch=64`: settings from optimiser step 120 on. */
export const change: Codec<SettingChange> = {
  parse: (text) => {
    const [step, settings, ...more] = text.split(':')
    const parts = settings === undefined || settings === '' ? [] : settings.split(',').map((part) => part.split('='))
    if (more.length > 0 || parts.some((part) => part.length !== 2 || !Object.hasOwn(CHANGES, part[0]))) return {}
    return { step: toNumber(step), ...Object.fromEntries(parts.map(([name, value]) => [CHANGES[name], toNumber(value)])) }
  },
  format: (value) => {
    const parts = Object.entries(CHANGES).flatMap(([name, setting]) => {
      const changed = value[setting]
      return changed === undefined ? [] : [`${name}=${String(changed)}`]
    })
    return `${String(value.step)}:${parts.join(',')}`
  },
}

const CHANGES: Readonly<Record<string, Exclude<keyof SettingChange, 'step'>>> = { lr: 'learningRate', wd: 'weightDecay', batch: 'batchSize' }

const PARTS = { hessian: 6, svd: 1, pca: 1 }

/**
 * `hessian:<selection>:<largest>:<smallest>:<samples>:<tolerance>:<maxProducts>`, `svd:<edge>`, `pca:<components>`.
 */
export const analysis: Codec<Analysis> = {
  parse: (text) => {
    const [name, ...parts] = text.split(':')
    if (parts.length !== PARTS[name as keyof typeof PARTS]) return { kind: text }
    if (name === 'svd') return { kind: 'singularValues', edge: parts[0] }
    if (name === 'pca') return { kind: 'principalComponents', components: toNumber(parts[0]) }
    const [largest, smallest, samples, tolerance, maxProducts] = parts.slice(1).map(toNumber)
    return { kind: 'hessian', selection: selection.parse(parts[0]), samples, largest, smallest, tolerance, maxProducts }
  },
  format: (value) => {
    switch (value.kind) {
      case 'singularValues':
        return `svd:${value.edge}`
      case 'principalComponents':
        return `pca:${String(value.components)}`
      case 'hessian': {
        const { largest, smallest, samples, tolerance, maxProducts } = value
        return ['hessian', value.selection, ...[largest, smallest, samples, tolerance, maxProducts].map(String)].join(':')
      }
    }
  },
}

/** `spectrum.6`: a panel six columns wide. */
export const panel: Codec<View['panels'][number]> = {
  parse: (text) => {
    const [id, span, ...more] = text.split('.')
    return { id: more.length === 0 ? id : text, span: toNumber(span) }
  },
  format: ({ id, span }) => `${id}.${String(span)}`,
}
