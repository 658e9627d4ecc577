import fc from 'fast-check'
import { z } from 'zod'
import { experimentSchema, type Experiment } from '../contracts/experiment.ts'
import { presets } from '../contracts/presets.ts'

interface JsonSchema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
}

/** Valid experiments of a known preset, from the bounds of the schema itself. */
export function experiments(): fc.Arbitrary<Experiment> {
  const schema = z.toJSONSchema(experimentSchema) as JsonSchema
  const any = fromSchema(schema) as fc.Arbitrary<Experiment>
  const known = fc.constantFrom(...presets.map(({ id }) => id))
  return fc.tuple(any, known).map(([experiment, preset]) => ({ ...experiment, preset }))
}

function fromSchema(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return fc.oneof(...choices.map(fromSchema))
  if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern))
  return ofType(schema)
}

function ofType(schema: JsonSchema): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1 })
    case 'number':
      return realNumber(schema)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'string':
      return fc.constant('')
    case 'array':
      return fc.array(fromSchema(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: schema.maxItems ?? 0 })
    case 'object': {
      const { properties = {}, required = [] } = schema
      const entries = Object.entries(properties).map(([key, value]) => [key, fromSchema(value)] as const)
      return fc.record(Object.fromEntries(entries), { requiredKeys: [...required], noNullPrototype: true })
    }
    default:
      throw new Error(`arbitrary: no case for ${JSON.stringify(schema)}`)
  }
}

function realNumber({ minimum, exclusiveMinimum, maximum = 1 }: JsonSchema): fc.Arbitrary<number> {
  const min = minimum ?? exclusiveMinimum ?? 0
  return fc.double({ min, max: maximum, minExcluded: exclusiveMinimum !== undefined, noNaN: true })
}
