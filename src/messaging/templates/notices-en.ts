import { ifKnown } from './if-known.ts'
import { noticeTemplates } from './notice-texts.ts'
import { supportEn } from './support.ts'
import { wordsEn } from './words-en.ts'

const common = {
  showsSignIn: true,
  warning: { title: 'Was this not you?', text: `Contact ${supportEn} at once.` },
  footer: ['Reference {{ reference }}'],
} as const

// letters of the GSM default alphabet only; the page's address is left out where it would cost a second SMS
function sms(what: string) {
  const shorter = `{{ tenant_name }}: ${what} Not you? Contact ${supportEn}`
  return { text: `${shorter}${ifKnown('sign_in_url', '. Sign in: {{ sign_in_url }}')}`, shorter }
}

export const noticesEn = {
  'password-changed': noticeTemplates(wordsEn, {
    ...common,
    title: 'Your password was changed',
    subject: 'Your {{ tenant_name }} password was changed',
    what: 'the password of your {{ tenant_name }} account was changed. If you asked for that, there is nothing to do.',
    facts: [
      ['User name', '{{ user_name }}'],
      ['Changed on', '{{ occurred_at }}'],
    ],
    hasNotMe: true,
    sms: sms('your password was changed on {{ occurred_at_short }}.'),
  }),
  'contact-changed': noticeTemplates(wordsEn, {
    ...common,
    title: 'Your {{ contact }} was changed',
    subject: 'Your {{ contact }} at {{ tenant_name }} was changed',
    what: 'the {{ contact }} of your {{ tenant_name }} account was changed. Messages about your account now go to the new one.',
    facts: [
      ['User name', '{{ user_name }}'],
      ['Changed on', '{{ occurred_at }}'],
    ],
    hasNotMe: false,
    sms: sms('the {{ contact }} of your account was changed on {{ occurred_at_short }}.'),
  }),
  'account-locked': noticeTemplates(wordsEn, {
    ...common,
    title: 'Your account is locked for a while',
    subject: 'Your {{ tenant_name }} account is locked',
    what: 'a wrong password was entered too often, so nobody can sign in to your {{ tenant_name }} account until the time below. Your password was not changed. If it was you, wait until then, or ask for a new password: it signs in at once.',
    facts: [
      ['User name', '{{ user_name }}'],
      ['Locked until', '{{ locked_until }}'],
    ],
    hasNotMe: false,
    sms: sms('too many wrong passwords, account locked until {{ locked_until_short }}.'),
  }),
} as const
