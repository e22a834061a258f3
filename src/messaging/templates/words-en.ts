import type { LanguageTexts } from './mail-texts.ts'
import { supportEn } from './support.ts'

export const wordsEn: LanguageTexts = {
  language: 'en',
  greeting: 'Hello {{ name }},',
  signIn: 'Sign in',
  signInAt: 'Sign in at',
  colon: ': ',
  notMe: {
    label: 'Say that this was not you',
    html: (link) =>
      `${link}: your account is then locked until the help desk has looked into it. Or contact ${supportEn} at once.`,
    text: `Contact ${supportEn} at once. Or say so here, and your account is locked until the help desk has looked into it:`,
  },
}
