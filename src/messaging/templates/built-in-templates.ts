import type { TemplateEvent } from '../../core/notices/template-event.ts'
import type { Channel } from '../gateway.ts'
import type { MessageTemplate } from '../template.ts'
import { codesEn } from './codes-en.ts'
import { codesZh } from './codes-zh.ts'
import { noticesEn } from './notices-en.ts'
import { noticesZh } from './notices-zh.ts'
import { resetPasswordEmailEn, resetPasswordSmsEn } from './reset-password-en.ts'
import { resetPasswordEmailZh, resetPasswordSmsZh } from './reset-password-zh.ts'

type ByChannel = Readonly<Record<Channel, MessageTemplate>>

const templates: Readonly<Record<string, Readonly<Record<TemplateEvent, ByChannel>>>> = {
  en: {
    'reset-password': { EMAIL: resetPasswordEmailEn, SMS: resetPasswordSmsEn },
    ...noticesEn,
    ...codesEn,
  },
  zh: {
    'reset-password': { EMAIL: resetPasswordEmailZh, SMS: resetPasswordSmsZh },
    ...noticesZh,
    ...codesZh,
  },
}

/** What is sent when a tenant has no template of its own. Undefined: not in this language. */
export function builtInTemplate(
  event: TemplateEvent,
  channel: Channel,
  language: string,
): MessageTemplate | undefined {
  return Object.hasOwn(templates, language) ? templates[language]?.[event][channel] : undefined
}
