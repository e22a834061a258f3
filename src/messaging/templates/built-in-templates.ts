import type { Channel } from '../gateway.ts'
import type { SendRequest } from '../message-sender.ts'
import type { MessageTemplate } from '../template.ts'
import { resetPasswordEmailEn, resetPasswordSmsEn } from './reset-password-en.ts'
import { resetPasswordEmailZh, resetPasswordSmsZh } from './reset-password-zh.ts'

const templates: Readonly<
  Record<SendRequest['event'], Readonly<Record<Channel, Readonly<Record<string, MessageTemplate>>>>>
> = {
  'reset-password': {
    EMAIL: { en: resetPasswordEmailEn, zh: resetPasswordEmailZh },
    SMS: { en: resetPasswordSmsEn, zh: resetPasswordSmsZh },
  },
}

/** What is sent when a tenant has no template of its own. Undefined: not in this language. */
export function builtInTemplate(
  event: SendRequest['event'],
  channel: Channel,
  language: string,
): MessageTemplate | undefined {
  return templates[event][channel][language]
}
