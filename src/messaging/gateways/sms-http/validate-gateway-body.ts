import { escapeFor, type Place } from '../../place.ts'
import { templateVariables } from '../../template.ts'
import { readPart, renderSample, sampleValues } from '../../validate-template.ts'

/** Beside what message templates may show: the number in E.164, and the rendered text. */
const requestVariables = [...templateVariables['reset-password'], 'code', 'to', 'text']

/** One of them at least: what the reader is to read. */
const carriers: readonly string[] = ['text', 'password', 'code']

interface RequestTemplates {
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string | undefined
  readonly bodyPlace: Place
}

/**
 * What is wrong with the templates of a request, each sentence beginning with `url`, `headers` or `body`. None: the
 * request carries number and text (or password) so that the vendor reads exactly them.
 */
export function validateGatewayBody(request: RequestTemplates): readonly string[] {
  const parts = [
    { part: 'url', source: request.url, place: 'url' as const },
    ...request.headers.map(([, source]) => ({ part: 'headers', source, place: 'line' as const })),
    ...(request.body === undefined ? [] : [{ part: 'body', source: request.body, place: request.bodyPlace }]),
  ].map(({ part, source, place }) => ({
    part,
    place,
    ...readPart(part, source, place, requestVariables, { isSecret: true }),
  }))

  const problems = parts.flatMap((one) => one.problems)
  const names = parts.flatMap((one) => one.parsed?.variables.map(({ name }) => name) ?? [])
  if (problems.length === 0 && !names.includes('to')) {
    problems.push('body or url must hold {{ to }}, the number of the recipient')
  }
  if (problems.length === 0 && !carriers.some((name) => names.includes(name))) {
    problems.push('body or url must hold {{ text }}, or {{ password }} where the vendor keeps the text')
  }
  if (problems.length > 0) {
    return problems
  }
  return parts.flatMap(({ part, place, parsed }) => {
    const rendered = parsed === undefined ? undefined : renderSample(parsed, sampleRequest)
    const secrets = (parsed?.variables ?? []).filter(({ name }) => carriers.includes(name))
    return rendered === undefined
      ? [`${part} takes too long to render, or is too large: make it simpler`]
      : checkRendered(part, place, rendered, new Set(secrets.map(({ name }) => name)))
  })
}

const sampleRequest: Readonly<Record<string, string>> = {
  ...sampleValues,
  to: '+8613800000001',
  text: `New password:\n${sampleValues.password}\nuntil tomorrow`,
}

function checkRendered(
  part: string,
  place: Place,
  rendered: string,
  names: ReadonlySet<string>,
): readonly string[] {
  if (place === 'json') {
    const texts = readJsonTexts(rendered)
    if (texts === undefined) {
      return [
        `${part} is no JSON once values are in: put quotes around every {{ … }} and check commas and braces`,
      ]
    }
    return [...names]
      .filter((name) => !texts.some((text) => text.includes(sampleRequest[name] ?? '')))
      .map((name) => changed(part, name))
  }
  return [...names]
    .filter((name) => {
      const value = sampleRequest[name] ?? ''
      // a form may carry JSON: {{ text | json }}
      return ![value, JSON.stringify(value)].some((text) => rendered.includes(escapeFor[place](text)))
    })
    .map((name) => changed(part, name))
}

function changed(part: string, name: string): string {
  return `${part} changes {{ ${name} }}: remove its filters, so that the password arrives as it is`
}

/** Every text in the JSON, and every text in JSON that stands inside a text. */
function readJsonTexts(json: string): readonly string[] | undefined {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return undefined
  }
  return collectTexts(value)
}

function collectTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    return [value, ...(/^\s*[[{]/.test(value) ? (readJsonTexts(value) ?? []) : [])]
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(collectTexts) : []
}
