import type { TemplateEvent } from '../core/notices/template-event.ts'
import type { Place } from './place.ts'
import { showsSecret } from './render-template.ts'
import { type MessageTemplate, type SecretVariable, secretOf, templateVariables } from './template.ts'
import { type ParsedTemplate, parseTemplate, TemplateSyntaxError } from './template-engine.ts'

/** Values that show whether a template changes the password or breaks on a name. */
export const sampleValues: Readonly<Record<string, string>> = {
  name: `O'Neil "Bo" <b> & 王`,
  user_name: 'alice',
  password: 'aZ9#<&>"\' \\%+{}|=?_-.~',
  code: '042917',
  expires_at: '23 November 2025 at 21:07 UTC',
  expires_at_short: '23 Nov 21:07 UTC',
  issued_at: '22 November 2025 at 21:07 UTC',
  reference: '20251122210700000-0A1B-2C3D4E5F6',
  tenant_name: 'Acme & Co.',
  sign_in_url: 'https://id.acme.example/sign-in',
  not_me_url: 'https://id.acme.example/not-me/20251122210700000-0A1B-2C3D4E5F6.0123456789abcdef',
  support: 'IT, +49 30 1234',
  occurred_at: '22 November 2025 at 21:07 UTC',
  occurred_at_short: '22 Nov 21:07 UTC',
  locked_until: '22 November 2025 at 21:22 UTC',
  locked_until_short: '22 Nov 21:22 UTC',
  contact: 'e-mail address',
}

/**
 * What is wrong with the template of an event, each sentence beginning with the part (`subject`, `text`, `html`), with
 * its line where one can be named, and saying what to do. None: every mail and SMS with a password or code shows it
 * exactly, and no notice shows one.
 */
export function validateTemplate(event: TemplateEvent, template: MessageTemplate): readonly string[] {
  const { subject, text, html } = template
  const secret = secretOf(event)
  const check = (part: Part, source: string) =>
    secret === undefined ? checkNoticePart(event, part, source) : checkSecretPart(event, part, source, secret)
  return [
    ...(subject === undefined ? [] : checkSubject(event, subject)),
    ...check('text', text),
    ...(html === undefined ? [] : check('html', html)),
  ]
}

function checkSubject(event: TemplateEvent, subject: string): readonly string[] {
  const before = subject.split(/[\p{Cc}\p{Zl}\p{Zp}]/u)
  if (before.length > 1) {
    return ['subject, line 1: breaks off here: it must be one line, which no other mail header can follow']
  }
  const read = readPart('subject', subject, 'line', [...templateVariables[event], 'password'])
  const secret = read.parsed?.variables.find(({ name }) => name === 'password' || name === 'code')
  if (secret !== undefined) {
    return [
      `subject, line ${secret.line}: shows the ${secret.name}: remove it there, subjects are seen on locked screens and kept in logs`,
    ]
  }
  if (read.parsed === undefined || read.problems.length > 0) {
    return read.problems
  }
  return renderSample(read.parsed, sampleValues) === undefined ? [tooLarge('subject')] : []
}

type Part = 'text' | 'html'

function checkNoticePart(event: TemplateEvent, part: Part, source: string): readonly string[] {
  const { parsed, problems } = readPart(part, source, part, [...templateVariables[event], 'password'])
  if (parsed === undefined || problems.length > 0) {
    return problems
  }
  const password = parsed.variables.find(({ name }) => name === 'password')
  if (password !== undefined) {
    return [
      `${part}, line ${password.line}: {{ password }} has no place in ${event}: remove it, this message only tells that something happened`,
    ]
  }
  return renderSample(parsed, sampleValues) === undefined ? [tooLarge(part)] : []
}

function checkSecretPart(
  event: TemplateEvent,
  part: Part,
  source: string,
  secret: SecretVariable,
): readonly string[] {
  const { parsed, problems } = readPart(part, source, part, templateVariables[event])
  if (parsed === undefined || problems.length > 0) {
    return problems
  }
  const line = lineOfFiltered(source, secret)
  if (line !== undefined) {
    return [`${part}, line ${line}: {{ ${secret} }} has a filter, which may change it: remove the filter`]
  }
  const shown = parsed.variables.find(({ name }) => name === secret)
  if (shown === undefined) {
    return [`${part} does not show the ${secret}: add {{ ${secret} }} where the reader should find it`]
  }
  const rendered = renderSample(parsed, sampleValues)
  if (rendered === undefined) {
    return [tooLarge(part)]
  }
  return showsSecret(rendered, part, sampleValues[secret] ?? '')
    ? []
    : [
        `${part}, line ${shown.line}: does not show the ${secret} as it is: put {{ ${secret} }} in plain sight, with no tag around it that changes it`,
      ]
}

function tooLarge(part: string): string {
  return `${part} takes too long to render, or is too large: make it simpler`
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

function lineOfFiltered(source: string, secret: SecretVariable): number | undefined {
  const at = source.search(new RegExp(String.raw`\{[{%][^}]*\b${secret}\b[^}]*\|[^}]*[}%]\}`))
  return at === -1 ? undefined : source.slice(0, at).split('\n').length
}
