import { codeTemplates } from './code-texts.ts'
import { supportEn } from './support.ts'
import { wordsEn } from './words-en.ts'

function english(texts: { readonly title: string; readonly what: string; readonly sms: string }) {
  return codeTemplates(wordsEn, {
    title: texts.title,
    subject: `${texts.title} for {{ tenant_name }}`,
    what: texts.what,
    facts: [['Works until', '{{ expires_at }}']],
    warning: {
      title: 'Nobody else needs it',
      text: `Whoever asks you for it is up to something. You did not ask for a code? Contact ${supportEn}.`,
    },
    footer: ['Reference {{ reference }}'],
    // letters of the GSM default alphabet only; the code first, where phones look for it
    sms: `{{ code }} ${texts.sms} It works for 10 minutes. Give it to nobody.`,
  })
}

export const codesEn = {
  'sign-in-code': english({
    title: 'Your sign-in code',
    what: 'with this code you sign in:',
    sms: 'is your sign-in code for {{ tenant_name }}.',
  }),
  'recovery-code': english({
    title: 'Your code for a new password',
    what: 'with this code you set a new password:',
    sms: 'is your code to set a new password for {{ tenant_name }}.',
  }),
  'password-change-code': english({
    title: 'Your code for changing your password',
    what: 'with this code you change your password:',
    sms: 'is your code to change your password for {{ tenant_name }}.',
  }),
  'second-factor-code': english({
    title: 'Your verification code',
    what: 'somebody entered your password. If it was you, this code completes the sign-in:',
    sms: 'completes your sign-in to {{ tenant_name }}.',
  }),
} as const
