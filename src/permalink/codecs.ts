import type { Augmentation, MonitorSettings, Schedule, SettingChange, View } from '../contracts/experiment.ts'
import { formatLayer, parseLayer, type LayerSettings } from '../contracts/layers.ts'
import { NONE, selection, toNumber, type Codec } from './codec.ts'

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

/** `spectrum.6`: a panel six columns wide. */
export const panel: Codec<View['panels'][number]> = {
  parse: (text) => {
    const [id, span, ...more] = text.split('.')
    return { id: more.length === 0 ? id : text, span: toNumber(span) }
  },
  format: ({ id, span }) => `${id}.${String(span)}`,
}

/** `off`, or `<selection>:<every>:<samples>:<largest>:<probes>:<steps>`: curvature followed in training. */
export const monitor: Codec<MonitorSettings | null> = {
  parse: (text) => {
    if (text === 'off') return null
    const [weights, ...parts] = text.split(':')
    if (parts.length !== 5) return text
    const [every, samples, largest, probes, steps] = parts.map(toNumber)
    return { selection: selection.parse(weights), every, samples, largest, probes, steps }
  },
  format: (value) => {
    if (value === null) return 'off'
    const { every, samples, largest, probes, steps } = value
    return [value.selection, ...[every, samples, largest, probes, steps].map(String)].join(':')
  },
}

/** `auto`, `scott` or a number. */
export const bandwidth: Codec<View['bandwidth']> = {
  parse: (text) => (text === 'auto' || text === 'scott' ? text : toNumber(text)),
  format: String,
}
