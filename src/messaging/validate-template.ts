import type { Place } from './place.ts'
import { showsPassword } from './render-template.ts'
import { type MessageTemplate, templateVariables } from './template.ts'
import { type ParsedTemplate, parseTemplate, TemplateSyntaxError } from './template-engine.ts'

/** Values that show whether a template changes the password or breaks on a name. */
export const sampleValues: Readonly<Record<string, string>> = {
  name: `O'Neil "Bo" <b> & 王`,
  user_name: 'alice',
  password: 'aZ9#<&>"\' \\%+{}|=?_-.~',
  expires_at: '23 November 2025 at 21:07 UTC',
  issued_at: '22 November 2025 at 21:07 UTC',
  reference: '20251122210700000-0A1B-2C3D4E5F6',
  tenant_name: 'Acme & Co.',
}

/**
 * What is wrong with a message template, each sentence beginning with the part (`subject`, `text`, `html`) and saying
 * what to do. None: every mail and SMS made from it shows the password exactly.
 */
export function validateTemplate(template: MessageTemplate): readonly string[] {
  const { subject, text, html } = template
  return [
    ...(subject === undefined ? [] : checkSubject(subject)),
    ...checkPart('text', text, 'text'),
    ...(html === undefined ? [] : checkPart('html', html, 'html')),
  ]
}

function checkSubject(subject: string): readonly string[] {
  const read = readPart('subject', subject, 'line', templateVariables)
  if (read.parsed?.variables.some(({ name }) => name === 'password') === true) {
    return [
      'subject shows the password: remove it there, subjects are seen on locked screens and kept in logs',
    ]
  }
  return read.problems
}

function checkPart(part: 'text' | 'html', source: string, place: 'text' | 'html'): readonly string[] {
  const { parsed, problems } = readPart(part, source, place, templateVariables)
  if (parsed === undefined || problems.length > 0) {
    return problems
  }
  const line = lineOfFilteredPassword(source)
  if (line !== undefined) {
    return [`${part}, line ${line}: {{ password }} has a filter, which may change it: remove the filter`]
  }
  if (!parsed.variables.some(({ name }) => name === 'password')) {
    return [`${part} does not show the password: add {{ password }} where the reader should find it`]
  }
  const rendered = renderSample(parsed, sampleValues)
  if (rendered === undefined) {
    return [`${part} takes too long to render, or is too large: make it simpler`]
  }
  return showsPassword(rendered, place, sampleValues.password ?? '')
    ? []
    : [
        `${part} does not show the password as it is: put {{ password }} in plain sight, with no tag around it that changes it`,
      ]
}

interface ReadPart {
  readonly parsed: ParsedTemplate | undefined
  readonly problems: readonly string[]
}

/** Syntax, and variables that nobody fills. The library's sentences quote the template, so a secret one gets ours. */
export function readPart(
  part: string,
  source: string,
  place: Place,
  known: readonly string[],
  options: { readonly isSecret: boolean } = { isSecret: false },
): ReadPart {
  try {
    const parsed = parseTemplate(source, place)
    const unknown = parsed.variables.filter(({ name }) => !known.includes(name))
    const problems = unknown.map(
      ({ name, line }) => `${part}, line ${line}: ${name} is no variable: use one of ${known.join(', ')}`,
    )
    return { parsed, problems }
  } catch (error) {
    return { parsed: undefined, problems: [`${part}${describeSyntaxError(error, options.isSecret)}`] }
  }
}

function describeSyntaxError(error: unknown, isSecret: boolean): string {
  if (error instanceof TemplateSyntaxError && !isSecret) {
    return `, line ${error.line}: ${error.message}: correct it; tags are if, unless, case, assign, comment, raw`
  }
  const line = error instanceof TemplateSyntaxError ? `, line ${error.line}` : ''
  return `${line}: cannot be read as a template: check its {{ }} and {% %}, and the filters in them`
}

export function renderSample(
  parsed: ParsedTemplate,
  values: Readonly<Record<string, string>>,
): string | undefined {
  try {
    return parsed.render(values)
  } catch {
    return undefined
  }
}

function lineOfFilteredPassword(source: string): number | undefined {
  const at = source.search(/\{[{%][^}]*\bpassword\b[^}]*\|[^}]*[}%]\}/)
  return at === -1 ? undefined : source.slice(0, at).split('\n').length
}
