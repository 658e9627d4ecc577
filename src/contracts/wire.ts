import { LabError, toLabErrorData, type LabErrorData } from './errors.ts'

/** How the page stands with its worker. */
export type Connection = 'starting' | 'ready' | 'restarting' | 'failed'

interface ThrownValue {
  readonly value: unknown
}

/** The part of Comlink's transfer handler that is needed here; Comlink itself is not imported. */
export interface ThrowHandler {
  canHandle(value: unknown): boolean
  serialize(thrown: never): [unknown, unknown[]]
  deserialize(data: never): unknown
}

interface HandlerMap<H> {
  get(name: string): H | undefined
  set(name: string, handler: H): unknown
}

/**
 * Replaces Comlink's "throw" handler, which keeps only name, message and stack of an error, by one that carries
 * {@link LabErrorData}. Both ends call it once with Comlink's `transferHandlers`, before `expose` and `wrap`. A call
 * that failed then rejects with a `LabError` on the other side, code and remedy included. Calling it again is harmless.
 */
export function carryLabErrors<H extends ThrowHandler>(handlers: HandlerMap<H>): void {
  const builtIn = handlers.get('throw')
  if (builtIn === undefined) throw new LabError('internal', 'wire: no "throw" handler, expected the one of Comlink', 'Pass transferHandlers of comlink.')
  const handler = {
    ...builtIn,
    canHandle: (value: unknown) => builtIn.canHandle(value),
    serialize: (thrown: ThrownValue): [LabErrorData, never[]] => [toLabErrorData(thrown.value), []],
    deserialize: (data: LabErrorData): never => {
      throw new LabError(data.code, data.message, data.remedy)
    },
  }
  handlers.set('throw', handler)
}
