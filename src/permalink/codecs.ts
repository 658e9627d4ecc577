import type { Analysis, Augmentation, Schedule, SettingChange, View } from '../contracts/experiment.ts'
import { formatLayer, parseLayer, type LayerSettings } from '../contracts/layers.ts'

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

/** `50`, `c6x5`, `p2`: a layer as `formatLayer` writes it. */
export const layer: Codec<LayerSettings> = { parse: (text) => parseLayer(text) ?? text, format: formatLayer }

/** `constant`, `exp:0.99`, `cosine:0.01`, `steps:80:0.0001:120:0.00001` (epoch, rate, …) */
export const schedule: Codec<Schedule> = {
  parse: (text) => {
    const [name, ...parts] = text.split(':')
    const numbers = parts.map(toNumber)
    if (name === 'exp' && parts.length === 1) return { kind: 'exponential', decay: numbers[0] }
    if (name === 'cosine' && parts.length === 1) return { kind: 'cosine', floor: numbers[0] }
    if (name === 'steps' && parts.length % 2 === 0) {
      const steps = numbers.flatMap((epoch, i) => (i % 2 === 0 ? [{ epoch, learningRate: numbers[i + 1] }] : []))
      return { kind: 'piecewise', steps }
    }
    return { kind: text }
  },
  format: (value) => {
    switch (value.kind) {
      case 'constant':
        return value.kind
      case 'exponential':
        return `exp:${String(value.decay)}`
      case 'cosine':
        return `cosine:${String(value.floor)}`
      case 'piecewise':
        return ['steps', ...value.steps.flatMap(({ epoch, learningRate }) => [epoch, learningRate])].join(':')
    }
  },
}

/** `none`, `crop4`, `flip`, `crop4+flip` */
export const augmentation: Codec<Augmentation> = {
  parse: (text) => {
    const found = /^(?:none|(?:crop(\d+))?[+ ]?(flip)?)$/.exec(text)
    return found === null ? text : { crop: Number(found[1] ?? 0), flip: found[2] === 'flip' }
  },
  format: ({ crop, flip }) => [crop > 0 ? `crop${crop}` : '', flip ? 'flip' : ''].filter((part) => part !== '').join('+') || NONE,
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

const PARTS = { hessian: [6, 7], svd: [1], pca: [1] }

/**
 * `hessian:<selection>:<largest>:<smallest>:<samples>:<tolerance>:<maxProducts>`, with `:training` behind it for batch
 * norm by the samples' own statistics; `svd:<edge>`, `pca:<components>`.
 */
export const analysis: Codec<Analysis> = {
  parse: (text) => {
    const [name, ...parts] = text.split(':')
    const lengths = Object.hasOwn(PARTS, name) ? PARTS[name as keyof typeof PARTS] : []
    if (!lengths.includes(parts.length)) return { kind: text }
    if (name === 'svd') return { kind: 'singularValues', edge: parts[0] }
    if (name === 'pca') return { kind: 'principalComponents', components: toNumber(parts[0]) }
    const [largest, smallest, samples, tolerance, maxProducts] = parts.slice(1).map(toNumber)
    return { kind: 'hessian', selection: selection.parse(parts[0]), samples, largest, smallest, tolerance, maxProducts, batchNorm: parts[6] ?? 'inference' }
  },
  format: (value) => {
    switch (value.kind) {
      case 'singularValues':
        return `svd:${value.edge}`
      case 'principalComponents':
        return `pca:${String(value.components)}`
      case 'hessian': {
        const { largest, smallest, samples, tolerance, maxProducts } = value
        const batchNorm = value.batchNorm === 'training' ? ['training'] : []
        return ['hessian', value.selection, ...[largest, smallest, samples, tolerance, maxProducts].map(String), ...batchNorm].join(':')
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
