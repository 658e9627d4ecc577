import { show, type SettingIssue } from '../contracts/describe-issue.ts'
import type { Notice } from '../contracts/session.ts'
import type { Parameters } from './parameters.ts'

/** A damaged link may be wrong in a thousand places; nobody reads more than this. */
const MAX_NOTICES = 20

/** Takes parameters out of a link one by one and keeps account of what was wrong with them. */
export class LinkReader {
  private readonly list: Notice[] = []

  constructor(private readonly parameters: Parameters) {}

  get notices(): readonly Notice[] {
    const more = this.list.length - MAX_NOTICES
    return more <= 0 ? this.list : [...this.list.slice(0, MAX_NOTICES), notice(`link: ${String(more)} more parts of it could not be used`)]
  }

  /** The text of a key, once; null where the link has none. */
  take(key: string): string | null {
    const text = this.parameters.get(key) ?? null
    this.parameters.delete(key)
    return text
  }

  /** All keys of a form. */
  keys(form: RegExp): string[] {
    return [...this.parameters.keys()].filter((key) => form.test(key))
  }

  /** The text of a key if it has a form; otherwise null, with a notice. */
  match(key: string, form: RegExp, expected: string): string | null {
    const text = this.take(key)
    if (text === null || form.test(text)) return text
    this.refuse(key, text, `expected ${expected}`, 'nothing')
    return null
  }

  warn(message: string): void {
    this.list.push(notice(message))
  }

  /** `epochs: got "0", expected at least 1; used 1` */
  refuse(key: string, text: string, demand: string, used: string): void {
    this.warn(`${key}: got ${show(text)}, ${demand}; used ${used}`)
  }

  refuseField(key: string, text: string, problems: readonly SettingIssue[], used: string): void {
    const demands = problems.map(({ path, got, demand }) => (path === '' ? demand : `at ${path}${got === 'NaN' ? '' : ` ${got}`}: ${demand}`))
    this.refuse(key, text, demands.join(', '), used)
  }

  /** What nobody took is unknown. */
  reportRest(): void {
    for (const key of this.parameters.keys()) this.warn(`${show(key)}: no such setting in a link; ignored`)
  }
}

function notice(message: string): Notice {
  return { level: 'warning', message, remedy: 'Compare the settings with the sender, or ask for the link again.' }
}
