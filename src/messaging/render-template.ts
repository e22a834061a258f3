import { Secret } from '../core/secret.ts'
import { formatForReader } from './format-for-reader.ts'
import type { Channel, OutgoingMessage } from './gateway.ts'
import type { ResetMessageVariables } from './message-sender.ts'
import { escapeFor, type Place } from './place.ts'
import type { MessageTemplate, TemplateVariableName } from './template.ts'
import { type ParsedTemplate, parseTemplate } from './template-engine.ts'
import { visibleText } from './visible-text.ts'

/** Undefined: the template is broken, or what is read would not be the password; it must not be sent. */
export function renderMessage(
  template: MessageTemplate,
  p: { readonly to: string; readonly language: string; readonly variables: ResetMessageVariables },
): OutgoingMessage | undefined {
  const password = p.variables.password.reveal()
  const shown = showVariables(p.variables, p.language)
  try {
    const { password: _secret, ...withoutPassword } = shown
    const subject = render(template.subject ?? '', 'line', withoutPassword)
    const text = render(template.text, 'text', shown)
    const html = template.html === undefined ? undefined : render(template.html, 'html', shown)
    if (
      !showsPassword(text, 'text', password) ||
      (html !== undefined && !showsPassword(html, 'html', password))
    ) {
      return undefined
    }
    return {
      channel: template.channel,
      to: addressFor(template.channel, p.to),
      subject,
      text: new Secret(text),
      html: html === undefined ? undefined : new Secret(html),
      variables: { ...withoutPassword, password: p.variables.password },
      reference: p.variables.reference,
    }
  } catch {
    return undefined // the library's messages may quote values, so they go nowhere
  }
}

/** Whether a reader of the rendered part sees exactly this password in it. */
export function showsPassword(rendered: string, place: 'text' | 'html', password: string): boolean {
  const visible = place === 'html' ? visibleText(rendered) : rendered
  return visible.includes(escapeFor[place](password))
}

function showVariables(
  variables: ResetMessageVariables,
  language: string,
): Readonly<Record<TemplateVariableName, string>> {
  const { timeZone } = variables
  return {
    name: asOneLine(variables.name),
    user_name: asOneLine(variables.userName),
    password: variables.password.reveal(),
    expires_at: formatForReader(variables.expiresAt, timeZone, language),
    issued_at: formatForReader(variables.issuedAt, timeZone, language),
    reference: variables.reference,
    tenant_name: asOneLine(variables.tenantName),
  }
}

/** A name must not write lines of its own into a message, nor turn the direction in which the password is read. */
function asOneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .toWellFormed()
}

/** E.164 for SMS (`+86-13800000001` → `+8613800000001`); a mail address as it stands. */
function addressFor(channel: Channel, to: string): string {
  return channel === 'SMS' ? `+${to.replace(/\D/g, '')}` : to
}

const parsedTemplates = new Map<string, ParsedTemplate>()
const PARSED_TEMPLATES_MAX = 200

function render(source: string, place: Place, values: Readonly<Record<string, string>>): string {
  const key = `${place}\n${source}`
  const known = parsedTemplates.get(key)
  const parsed = known ?? parseTemplate(source, place)
  if (known === undefined) {
    if (parsedTemplates.size >= PARSED_TEMPLATES_MAX) {
      parsedTemplates.clear()
    }
    parsedTemplates.set(key, parsed)
  }
  return parsed.render(values)
}
