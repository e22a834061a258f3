import { CODE_LIFETIME_MS } from '../core/codes/code.ts'
import type { TemplateEvent } from '../core/notices/template-event.ts'
import { combineLimits } from '../core/password/channel-limits.ts'
import { generatedPasswordLength } from '../core/password/generate-password.ts'
import { Secret } from '../core/secret.ts'
import { notMeUrlOf, signInUrlOf } from '../core/tenants/sign-in-url.ts'
import type { Tenant } from '../core/tenants/tenant.ts'
import type { Store } from '../store/store.ts'
import { chooseTemplate } from './choose-template.ts'
import type { Channel } from './gateway.ts'
import type { MessageVariables } from './message-sender.ts'
import { renderMessage } from './render-template.ts'
import { measureSms, type SmsSize } from './sms-segments.ts'
import { secretOf } from './template.ts'

export interface TemplatePreview {
  /** The template that is used: the tenant's own, or the one built in, and in which language. */
  readonly source: 'tenant' | 'built-in'
  readonly language: string
  readonly subject: string | undefined
  readonly text: string
  readonly html: string | undefined
  /** SMS only. */
  readonly size: SmsSize | undefined
}

/** A message as its reader gets it, with sample values: no real person's. Undefined: the template is broken. */
export async function previewTemplate(
  deps: {
    readonly store: Pick<Store, 'read'>
    readonly publicUrl: string | undefined
    readonly now: () => number
  },
  tenant: Tenant,
  p: { readonly event: TemplateEvent; readonly channel: Channel; readonly language: string },
): Promise<TemplatePreview | undefined> {
  const { templates, gateways } = deps.store.read
  const rows = await templates.list(tenant.id)
  const chosen = chooseTemplate(rows, { ...p, languages: [p.language, tenant.language] })
  const onChannel = (await gateways.list(tenant.id)).filter(
    (row) => row.channel === p.channel && !row.disabled,
  )
  const limits = combineLimits(onChannel.map((row) => JSON.parse(row.settings)))
  const passwordLength = generatedPasswordLength(tenant.settings.passwordPolicy, p.channel, limits) ?? 12
  const message =
    chosen &&
    renderMessage(chosen.template, {
      to: p.channel === 'SMS' ? '+1-2025550100' : 'sample@example.com',
      language: chosen.language,
      variables: sampleVariables(tenant, p.event, chosen.language, {
        passwordLength,
        now: deps.now(),
        signInUrl: signInUrlOf(tenant, deps.publicUrl),
        notMeUrl: notMeUrlOf(tenant, deps.publicUrl, new Secret(`${SAMPLE_REFERENCE}.sample-of-a-link`)),
      }),
    })
  if (chosen === undefined || message === undefined) {
    return undefined
  }
  const text = message.text.reveal()
  return {
    source: rows.some((row) => row === chosen.template) ? 'tenant' : 'built-in',
    language: chosen.language,
    subject: p.channel === 'EMAIL' ? message.subject : undefined,
    text,
    html: message.html?.reveal(),
    size: p.channel === 'SMS' ? measureSms(text) : undefined,
  }
}

const MINUTE_MS = 60_000
const SAMPLE_REFERENCE = '20260101090000000-0000-000000000'

function sampleVariables(
  tenant: Tenant,
  event: TemplateEvent,
  language: string,
  p: {
    readonly passwordLength: number
    readonly now: number
    readonly signInUrl: string | undefined
    readonly notMeUrl: string | undefined
  },
): MessageVariables {
  const { timeZone, name: tenantName, settings } = tenant
  const ofEveryMessage = {
    name: language === 'zh' ? '张三' : 'Sam Sample',
    userName: 'sam.sample',
    timeZone,
    tenantName,
    reference: SAMPLE_REFERENCE,
    signInUrl: p.signInUrl,
    support: settings.messages.support,
  }
  const secret = secretOf(event)
  if (secret === undefined) {
    const lockedUntil = p.now + settings.signIn.lockMinutes * MINUTE_MS
    return { ...ofEveryMessage, notMeUrl: p.notMeUrl, occurredAt: p.now, lockedUntil, contact: 'EMAIL' }
  }
  if (secret === 'code') {
    const expiresAt = p.now + CODE_LIFETIME_MS
    return { ...ofEveryMessage, code: new Secret('123456'), issuedAt: p.now, expiresAt }
  }
  return {
    ...ofEveryMessage,
    // as long as a real one, and plainly none
    password: new Secret('Sample4PassWord'.repeat(9).slice(0, p.passwordLength)),
    notMeUrl: p.notMeUrl,
    issuedAt: p.now,
    expiresAt: p.now + settings.reset.lifetimeMinutes.EMAIL * MINUTE_MS,
  }
}
