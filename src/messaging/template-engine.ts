import { Liquid, type Template } from 'liquidjs'
import { escapeFor, type Place } from './place.ts'

/** A template that was read and only needs values. */
export interface ParsedTemplate {
  /** Names of the variables it shows or asks for. */
  readonly variables: readonly TemplateVariable[]
  /** @throws Error when a variable has no value, or a bound is reached */
  render(values: Readonly<Record<string, string>>): string
}

export interface TemplateVariable {
  readonly name: string
  readonly line: number
}

export class TemplateSyntaxError extends Error {
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

const SOURCE_LENGTH_MAX = 250_000
const RENDER_MS_MAX = 250
const MEMORY_MAX = 5_000_000
// without loops and includes, rendering is bounded by the length of the template
const tags = ['if', 'unless', 'case', 'assign', 'comment', 'raw']
// `raw` would switch the escaping off
const filtersRemoved = ['raw']

const engines = new Map<Place, Liquid>()

function engineOf(place: Place): Liquid {
  const known = engines.get(place)
  if (known !== undefined) {
    return known
  }
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    outputEscape: (value: unknown) => escapeFor[place](String(value ?? '')),
    templates: {},
    parseLimit: SOURCE_LENGTH_MAX,
    renderLimit: RENDER_MS_MAX,
    memoryLimit: MEMORY_MAX,
  })
  for (const tag of Object.keys(engine.tags)) {
    if (!tags.includes(tag)) {
      delete engine.tags[tag]
    }
  }
  for (const filter of filtersRemoved) {
    delete engine.filters[filter]
  }
  engines.set(place, engine)
  return engine
}

/** Reads a template whose values are escaped for `place`. @throws TemplateSyntaxError */
export function parseTemplate(source: string, place: Place): ParsedTemplate {
  const engine = engineOf(place)
  const parsed = readSource(engine, source)
  return {
    variables: listVariables(engine, parsed),
    render(values) {
      const rendered: unknown = engine.renderSync(parsed, values)
      return String(rendered)
    },
  }
}

function readSource(engine: Liquid, source: string): Template[] {
  try {
    return engine.parse(source)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const [, what, line] = /^(.*?)(?:, file:[^,]*)?, line:(\d+)/s.exec(message) ?? [undefined, message, '1']
    throw new TemplateSyntaxError(what ?? message, Number(line))
  }
}

function listVariables(engine: Liquid, parsed: Template[]): readonly TemplateVariable[] {
  const { globals } = engine.analyzeSync(parsed, { partials: false })
  return Object.values(globals)
    .flat()
    .map((variable) => ({ name: String(variable.segments[0]), line: variable.location.row }))
}
