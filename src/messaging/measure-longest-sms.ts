import { Secret } from '../core/secret.ts'
import type { LongestSms } from '../core/tenant-file/parsed-tenant.ts'
import type { MessageVariables, VariablesOfEveryMessage } from './message-sender.ts'
import { renderMessage } from './render-template.ts'
import { measureSms, type SmsSize } from './sms-segments.ts'
import { secretOf } from './template.ts'

// September is the longest month in English, and every number here has two digits
const LATE = Date.UTC(2030, 8, 30, 23, 59)
// beyond the GSM alphabet, as names are in most of the world
const LONG_NAME = `Władysława-Konstantyna Brzęczyszczykiewicz`
const LONG_ORIGIN = 'https://identity.a-long-domain-name.example'
const NOT_ME_URL = `${LONG_ORIGIN}/not-me/20300930235900000-ABCD-ABCDEF012.ABCDEFGHIJKLMNOP`
const LONG_USER_NAME = 'wladyslawa.konstantyna.brzeczyszczykiewicz'

/** Size of an SMS with long values: names of 42 characters, the longest times, the tenant's own name and words. */
export function measureLongestSms(p: LongestSms): SmsSize | undefined {
  const ofEveryMessage = {
    name: LONG_NAME,
    userName: LONG_USER_NAME,
    timeZone: p.timeZone,
    tenantName: p.tenantName,
    reference: '20300930235900000-ABCD-ABCDEF012',
    signInUrl: `${LONG_ORIGIN}/sign-in`,
    support: p.support,
  }
  const variables = variablesOf(p, ofEveryMessage)
  const template = { channel: 'SMS', subject: undefined, text: p.text, html: undefined } as const
  const message = renderMessage(template, { to: '+1-2025550100', language: p.language, variables })
  return message && measureSms(message.text.reveal())
}

function variablesOf(p: LongestSms, ofEveryMessage: VariablesOfEveryMessage): MessageVariables {
  const times = { issuedAt: LATE, expiresAt: LATE }
  switch (secretOf(p.event)) {
    case 'password':
      return {
        ...ofEveryMessage,
        ...times,
        notMeUrl: NOT_ME_URL,
        password: new Secret('M'.repeat(p.passwordLength)),
      }
    case 'code':
      return { ...ofEveryMessage, ...times, code: new Secret('000000') }
    case undefined:
      return {
        ...ofEveryMessage,
        notMeUrl: NOT_ME_URL,
        occurredAt: LATE,
        lockedUntil: LATE,
        contact: 'EMAIL',
      }
  }
}
