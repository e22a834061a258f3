import { Secret } from '../core/secret.ts'
import { formatForReader, formatShortForReader } from './format-for-reader.ts'
import type { Channel, OutgoingMessage } from './gateway.ts'
import { type MessageVariables, secretIn } from './message-sender.ts'
import { escapeFor, type Place } from './place.ts'
import { measureSms } from './sms-segments.ts'
import type { MessageTemplate, TemplateVariableName } from './template.ts'
import { type ParsedTemplate, parseTemplate } from './template-engine.ts'
import { visibleText } from './visible-text.ts'

/** Undefined: the template is broken, or what is read would not be the password or code; it must not be sent. */
export function renderMessage(
  template: MessageTemplate,
  p: { readonly to: string; readonly language: string; readonly variables: MessageVariables },
): OutgoingMessage | undefined {
  const secret = secretIn(p.variables)
  const value = secret?.value.reveal()
  const withoutSecret = showVariables(p.variables, p.language)
  const shown =
    secret === undefined || value === undefined ? withoutSecret : { ...withoutSecret, [secret.name]: value }
  try {
    const subject = render(template.subject ?? '', 'line', withoutSecret)
    const text = renderText(template, shown)
    const html = template.html === undefined ? undefined : render(template.html, 'html', shown)
    if (
      value !== undefined &&
      (!showsSecret(text, 'text', value) || (html !== undefined && !showsSecret(html, 'html', value)))
    ) {
      return undefined
    }
    return {
      channel: template.channel,
      to: addressFor(template.channel, p.to),
      subject,
      text: new Secret(text),
      html: html === undefined ? undefined : new Secret(html),
      variables: secret === undefined ? withoutSecret : { ...withoutSecret, [secret.name]: secret.value },
      reference: p.variables.reference,
    }
  } catch {
    return undefined // the library's messages may quote values, so they go nowhere
  }
}

/** Whether a reader of the rendered part sees exactly this password or code in it. */
export function showsSecret(rendered: string, place: 'text' | 'html', secret: string): boolean {
  const visible = place === 'html' ? visibleText(rendered) : rendered
  return visible.includes(escapeFor[place](secret))
}

/** The shorter text is for those to whom the other would cost more. */
function renderText(template: MessageTemplate, shown: Shown): string {
  const text = render(template.text, 'text', shown)
  const shorter = template.shorter === undefined ? undefined : render(template.shorter, 'text', shown)
  return shorter !== undefined && measureSms(shorter).segments < measureSms(text).segments ? shorter : text
}

type Shown = Readonly<Partial<Record<TemplateVariableName, string>>>

/** All but the password or code. */
function showVariables(variables: MessageVariables, language: string): Shown {
  const { timeZone } = variables
  const time = (atMs: number) => formatForReader(atMs, timeZone, language)
  const short = (atMs: number) => formatShortForReader(atMs, timeZone, language)
  const ofEveryMessage = {
    name: asOneLine(variables.name),
    user_name: asOneLine(variables.userName),
    tenant_name: asOneLine(variables.tenantName),
    reference: variables.reference,
    sign_in_url: variables.signInUrl ?? '',
    support: asOneLine(variables.support ?? ''),
  }
  if ('expiresAt' in variables) {
    const { expiresAt, issuedAt } = variables
    const times = { expires_at: time(expiresAt), issued_at: time(issuedAt) }
    return 'password' in variables
      ? {
          ...ofEveryMessage,
          ...times,
          expires_at_short: short(expiresAt),
          not_me_url: variables.notMeUrl ?? '',
        }
      : { ...ofEveryMessage, ...times }
  }
  const { occurredAt, lockedUntil, contact, notMeUrl } = variables
  return {
    ...ofEveryMessage,
    occurred_at: time(occurredAt),
    occurred_at_short: short(occurredAt),
    not_me_url: notMeUrl ?? '',
    ...(lockedUntil === undefined
      ? {}
      : { locked_until: time(lockedUntil), locked_until_short: short(lockedUntil) }),
    ...(contact === undefined ? {} : { contact: contactWords[language === 'zh' ? 'zh' : 'en'][contact] }),
  }
}

const contactWords = {
  en: { EMAIL: 'e-mail address', SMS: 'mobile number' },
  zh: { EMAIL: '电子邮箱', SMS: '手机号码' },
} as const

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

function render(source: string, place: Place, values: Shown): string {
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
