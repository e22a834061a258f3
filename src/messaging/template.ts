import type { TemplateEvent } from '../core/notices/template-event.ts'
import type { Channel } from './gateway.ts'

/** The parts of a message before values are put in. */
export interface MessageTemplate {
  readonly channel: Channel
  /** Mail only. */
  readonly subject: string | undefined
  readonly text: string
  /** SMS only, built in: sent instead where the text would cost more segments than it. */
  readonly shorter?: string
  /** Mail only; undefined: text alone. */
  readonly html: string | undefined
}

const ofEveryMessage = ['name', 'user_name', 'tenant_name', 'reference', 'sign_in_url', 'support'] as const

const ofEveryCode = [...ofEveryMessage, 'code', 'expires_at', 'issued_at'] as const

/** What a template may show, by event. */
export const templateVariables = {
  'reset-password': [
    ...ofEveryMessage,
    'password',
    'expires_at',
    'expires_at_short',
    'issued_at',
    'not_me_url',
  ],
  'password-changed': [...ofEveryMessage, 'occurred_at', 'occurred_at_short', 'not_me_url'],
  'contact-changed': [...ofEveryMessage, 'occurred_at', 'occurred_at_short', 'contact'],
  'account-locked': [
    ...ofEveryMessage,
    'occurred_at',
    'occurred_at_short',
    'locked_until',
    'locked_until_short',
  ],
  'sign-in-code': ofEveryCode,
  'recovery-code': ofEveryCode,
  'password-change-code': ofEveryCode,
  'second-factor-code': ofEveryCode,
} as const satisfies Readonly<Record<TemplateEvent, readonly string[]>>

/** What a template of the event must show as it is, and no other event's may show. */
export type SecretVariable = 'password' | 'code'

export function secretOf(event: TemplateEvent): SecretVariable | undefined {
  const names: readonly string[] = templateVariables[event]
  return (['password', 'code'] as const).find((name) => names.includes(name))
}

export type TemplateVariableName = (typeof templateVariables)[TemplateEvent][number]
