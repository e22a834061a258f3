import { noticeTemplates } from './notice-texts.ts'
import { supportEn } from './support.ts'

const common = {
  language: 'en',
  greeting: 'Hello {{ name }},',
  reference: 'Reference {{ reference }}',
} as const
const notYou = `Was this not you? Tell ${supportEn} at once.`

// SMS: letters of the GSM default alphabet only
export const noticesEn = {
  'password-changed': noticeTemplates({
    ...common,
    title: 'Your password was changed',
    subject: 'Your {{ tenant_name }} password was changed',
    what: 'the password of your account was changed. If you asked for that, there is nothing to do.',
    facts: [
      ['User name', '{{ user_name }}'],
      ['Changed on', '{{ occurred_at }}'],
    ],
    ifNotYou: notYou,
    sms: `{{ tenant_name }}: your password was changed on {{ occurred_at }}. Not you? Tell ${supportEn} at once.`,
  }),
  'contact-changed': noticeTemplates({
    ...common,
    title: 'Your {{ contact }} was changed',
    subject: 'Your {{ contact }} at {{ tenant_name }} was changed',
    what: 'the {{ contact }} of your account was changed. Messages about your account now go to the new one.',
    facts: [
      ['User name', '{{ user_name }}'],
      ['Changed on', '{{ occurred_at }}'],
    ],
    ifNotYou: notYou,
    sms: `{{ tenant_name }}: the {{ contact }} of your account was changed on {{ occurred_at }}. Not you? Tell ${supportEn} at once.`,
  }),
  'account-locked': noticeTemplates({
    ...common,
    title: 'Your account is locked for a while',
    subject: 'Your {{ tenant_name }} account is locked',
    what: 'a wrong password was entered too often, so nobody can sign in to your account until the time below. Your password was not changed. If it was you, wait until then, or ask for a new password: it signs in at once.',
    facts: [
      ['User name', '{{ user_name }}'],
      ['Locked until', '{{ locked_until }}'],
    ],
    ifNotYou: notYou,
    sms: `{{ tenant_name }}: too many wrong passwords, your account is locked until {{ locked_until }}. Wait, or ask for a new password. Not you? Tell ${supportEn}.`,
  }),
} as const
