import type { TemplateEvent } from '../../src/core/notices/template-event.ts'
import { Secret } from '../../src/core/secret.ts'
import { chooseTemplate } from '../../src/messaging/choose-template.ts'
import type { Channel, OutgoingMessage } from '../../src/messaging/gateway.ts'
import type { MessageVariables } from '../../src/messaging/message-sender.ts'
import { renderMessage } from '../../src/messaging/render-template.ts'
import { secretOf } from '../../src/messaging/template.ts'

export const sampleReference = '20251122210700000-0A1B-2C3D4E5F6'
const origin = 'https://id.acme.example'

/** What the built-in messages are shown with, unless a test says otherwise. */
export const sampleVariables = {
  name: 'Alice Andersen',
  userName: 'alice.andersen',
  password: new Secret('aZ9kP2mQx7wT'),
  issuedAt: Date.UTC(2025, 10, 22, 21, 7),
  expiresAt: Date.UTC(2025, 10, 23, 21, 7),
  occurredAt: Date.UTC(2025, 10, 22, 21, 7),
  lockedUntil: Date.UTC(2025, 10, 22, 21, 22),
  contact: 'EMAIL',
  timeZone: 'Asia/Shanghai',
  tenantName: 'Acme',
  reference: sampleReference,
  signInUrl: `${origin}/sign-in` as string | undefined,
  notMeUrl: `${origin}/not-me/${sampleReference}.w7Bq0mXk2LfT9aZc` as string | undefined,
  support: '',
} as const satisfies Record<string, unknown>

type SampleVariables = { [K in keyof typeof sampleVariables]: Widened<(typeof sampleVariables)[K]> }
type Widened<T> = T extends string | undefined ? string | undefined : T

/** A built-in message as its reader gets it. @throws Error it does not render */
export function renderBuiltIn(
  event: TemplateEvent,
  channel: Channel,
  language: string,
  change: Partial<SampleVariables> = {},
): OutgoingMessage {
  const chosen = chooseTemplate([], { event, channel, languages: [language] })
  const { password, issuedAt, expiresAt, occurredAt, lockedUntil, ...common } = {
    ...sampleVariables,
    ...change,
  }
  const secret = secretOf(event)
  const own = {
    password: { password, issuedAt, expiresAt },
    code: { code: new Secret('042917'), issuedAt, expiresAt },
    none: { occurredAt, lockedUntil },
  }[secret ?? 'none']
  const variables = { ...common, ...own } as MessageVariables
  const message =
    chosen && renderMessage(chosen.template, { to: '+86-13800000001', language: chosen.language, variables })
  if (message === undefined) {
    throw new Error(`the built-in ${event} by ${channel} in ${language} does not render`)
  }
  return message
}
