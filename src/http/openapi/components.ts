import { isObject, type Json, type JsonObject } from './json-schema.ts'

/** What several operations share, collected while they are described. */
export interface Components {
  /**
   * The schema with every part that has a `title` moved to `components/schemas` under it.
   * @throws Error two different schemas have one title
   */
  share(schema: JsonObject): JsonObject
  /** A whole response under a name, and the reference to it. */
  shareResponse(name: string, response: JsonObject): JsonObject
  readonly schemas: Readonly<Record<string, JsonObject>>
  readonly responses: Readonly<Record<string, JsonObject>>
}

export function createComponents(): Components {
  const schemas: Record<string, JsonObject> = {}
  const responses: Record<string, JsonObject> = {}

  function shareValue(value: Json): Json {
    if (Array.isArray(value)) return value.map(shareValue)
    return isObject(value) ? share(value) : value
  }

  function share(schema: JsonObject): JsonObject {
    const parts = Object.entries(schema).map(([key, value]) => [key, shareValue(value)])
    const shared = Object.fromEntries(parts) as JsonObject
    const { title } = shared
    if (typeof title !== 'string') return shared
    const present = schemas[title]
    if (present !== undefined && JSON.stringify(present) !== JSON.stringify(shared)) {
      throw new Error(`two schemas have the title ${title}`)
    }
    schemas[title] = shared
    return { $ref: `#/components/schemas/${title}` }
  }

  return {
    share,
    shareResponse(name, response) {
      responses[name] = response
      return { $ref: `#/components/responses/${name}` }
    },
    schemas,
    responses,
  }
}
