import type { Channel } from './gateway.ts'

/** The parts of a message before values are put in. */
export interface MessageTemplate {
  readonly channel: Channel
  /** Mail only. */
  readonly subject: string | undefined
  readonly text: string
  /** Mail only; undefined: text alone. */
  readonly html: string | undefined
}

/** What a template may show. */
export const templateVariables = [
  'name',
  'user_name',
  'password',
  'expires_at',
  'issued_at',
  'reference',
  'tenant_name',
] as const

export type TemplateVariableName = (typeof templateVariables)[number]
