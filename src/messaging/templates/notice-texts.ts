import type { MessageTemplate } from '../template.ts'
import { type LanguageTexts, type MailTexts, mailTemplate } from './mail-texts.ts'

type NoticeTexts = Omit<MailTexts, 'secret'> & {
  readonly sms: { readonly text: string; readonly shorter: string }
}

/** The built-in mail and SMS of one notice in one language. */
export function noticeTemplates(
  words: LanguageTexts,
  texts: NoticeTexts,
): { readonly EMAIL: MessageTemplate; readonly SMS: MessageTemplate } {
  return {
    EMAIL: mailTemplate(words, texts),
    SMS: { channel: 'SMS', subject: undefined, ...texts.sms, html: undefined },
  }
}
