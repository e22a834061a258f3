import type { MessageTemplate } from '../template.ts'
import { type LanguageTexts, type MailTexts, mailTemplate } from './mail-texts.ts'

type CodeTexts = Omit<MailTexts, 'secret' | 'showsSignIn' | 'hasNotMe'> & { readonly sms: string }

/** The built-in mail and SMS with a code in one language. Its reader has the page open that asks for it: no link. */
export function codeTemplates(
  words: LanguageTexts,
  texts: CodeTexts,
): { readonly EMAIL: MessageTemplate; readonly SMS: MessageTemplate } {
  const mail = { ...texts, secret: 'code', showsSignIn: false, hasNotMe: false } as const
  return {
    EMAIL: mailTemplate(words, mail),
    SMS: { channel: 'SMS', subject: undefined, text: texts.sms, html: undefined },
  }
}
