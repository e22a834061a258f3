import { describe, expect, it } from 'vitest'
import { renderBuiltIn, sampleReference, sampleVariables } from '../../../test/support/rendered-message.ts'
import { templateEvents } from '../../core/notices/template-event.ts'
import { combineLimits } from '../../core/password/channel-limits.ts'
import { generatedPasswordLength } from '../../core/password/generate-password.ts'
import { Secret } from '../../core/secret.ts'
import { defaultTenantSettings } from '../../core/tenants/tenant.ts'
import { measureSms } from '../sms-segments.ts'
import { validateTemplate } from '../validate-template.ts'
import { builtInTemplate } from './built-in-templates.ts'

const languages = ['en', 'zh']
/** Those that lead somewhere; a code's reader has the page open already. */
const told = ['reset-password', 'password-changed', 'contact-changed', 'account-locked'] as const
const disputable = ['reset-password', 'password-changed'] as const

const mail = (
  ...call: Parameters<typeof renderBuiltIn> extends [infer E, unknown, ...infer Rest] ? [E, ...Rest] : never
) => {
  const [event, language, change] = call
  const message = renderBuiltIn(event, 'EMAIL', language, change)
  return { text: message.text.reveal(), html: message.html?.reveal() ?? '' }
}
const sms = (
  event: (typeof told)[number],
  language: string,
  change: Parameters<typeof renderBuiltIn>[3] = {},
) => {
  const text = renderBuiltIn(event, 'SMS', language, change).text.reveal()
  return { text, ...measureSms(text) }
}

describe.each(languages)('the built-in messages in %s', (language) => {
  it.each(templateEvents)('obey what is asked of a tenant’s own: %s', (event) => {
    for (const channel of ['EMAIL', 'SMS'] as const) {
      const template = builtInTemplate(event, channel, language)
      expect(template && validateTemplate(event, template)).toEqual([])
      if (template?.shorter !== undefined) {
        expect(validateTemplate(event, { ...template, text: template.shorter })).toEqual([])
      }
    }
  })

  it.each(told)(
    'name in a mail, in text and HTML: the page, the time with its zone, whom to call: %s',
    (event) => {
      const support = 'IT, +49 30 1234567'
      const { text, html } = mail(event, language, { support, timeZone: 'Asia/Shanghai' })
      for (const part of [text, html]) {
        expect(part).toContain('https://id.acme.example/sign-in')
        expect(part).toContain(support)
        expect(part).toMatch(/05:(07|22)[ （]GMT\+8/)
        expect(part).toContain(sampleReference)
      }
      expect(html).toContain('href="https://id.acme.example/sign-in"')
    },
  )

  it.each(disputable)('let a mail’s reader say that this was not them: %s', (event) => {
    const { text, html } = mail(event, language)
    const link = String(sampleVariables.notMeUrl)
    expect(text.split('\n')).toContain(link)
    expect(html).toContain(`href="${link}"`)
  })

  it.each(told)('say the same without links where no address of ours is known: %s', (event) => {
    const { text, html } = mail(event, language, { signInUrl: undefined, notMeUrl: undefined })
    for (const part of [text, html]) {
      expect(part).not.toMatch(/https?:|href|sign-in|not-me/)
      expect(part).toMatch(/IT help desk|IT 服务台/)
    }
    expect(text).not.toMatch(/\n{3}| \n/)
    expect(sms(event, language, { signInUrl: undefined }).text).not.toMatch(/https?:/)
  })

  it.each(templateEvents)('load nothing: %s', (event) => {
    const { html } = mail(event, language)
    expect(html).not.toMatch(
      /<(img|link|script|iframe|object|video|audio|form)\b|url\(|@import|@font-face|src=/i,
    )
  })

  it('keep the password out of what lists of messages show', () => {
    const { text, html } = mail('reset-password', language)
    expect(text.indexOf('aZ9kP2mQx7wT')).toBeGreaterThan(language === 'zh' ? 60 : 120)
    const preview = /<div style="display: none[^>]*>([^<]*)</.exec(html)?.[1] ?? ''
    expect(preview).not.toContain('aZ9kP2mQx7wT')
    expect(preview.length).toBeGreaterThan(200)
  })
})

describe('the built-in SMS', () => {
  const length = generatedPasswordLength(defaultTenantSettings.passwordPolicy, 'SMS', combineLimits([])) ?? 0
  const password = new Secret('M'.repeat(length))
  const longestTime = Date.UTC(2030, 8, 30, 23, 59)
  const times = { expiresAt: longestTime, occurredAt: longestTime, lockedUntil: longestTime }
  const typical = { password, ...times, timeZone: 'America/Argentina/Buenos_Aires' }

  it('are made with passwords of 12 characters under the default policy', () => {
    expect(length).toBe(12)
  })

  it.each(told)(
    'are one segment in English with the page’s address, a name of 12 and a phone number: %s',
    (event) => {
      const change = { ...typical, tenantName: 'Acme Systems', support: '+49 30 1234567' }
      const { text, ...size } = sms(event, 'en', change)
      expect(size).toMatchObject({ encoding: 'GSM-7', segments: 1 })
      expect(text).toContain('https://id.acme.example/sign-in')
      expect(text).toContain('+49 30 1234567')
    },
  )

  it.each(told)(
    'leave the page’s address out where it would cost a second one, and stay one with a name of 45: %s',
    (event) => {
      const { text, ...size } = sms(event, 'en', { ...typical, tenantName: 'N'.repeat(45) })
      expect(size).toMatchObject({ encoding: 'GSM-7', segments: 1 })
      expect(text).not.toContain('https:')
      expect(text).toMatch(/30 Sept? 20:59 GMT-3/)
      expect(text).toContain('your IT help desk')
    },
  )

  it.each(told)(
    'are one segment in Chinese with a name of 6 and a phone number, without the page’s address: %s',
    (event) => {
      const change = {
        ...typical,
        tenantName: '示例科技公司',
        support: '010-12345678',
        timeZone: 'Asia/Shanghai',
      }
      const { text, ...size } = sms(event, 'zh', change)
      expect(size).toMatchObject({ encoding: 'UCS-2', segments: 1 })
      expect(text).toMatch(/10月1日 07:59 GMT\+8/)
      expect(text).toContain('010-12345678')
    },
  )

  it.each(languages)('show the address where two are needed anyway: %s', (language) => {
    const { text, segments } = sms('reset-password', language, { ...typical, tenantName: '名'.repeat(60) })
    expect(segments).toBeGreaterThan(1)
    expect(text.split('\n')).toContain('M'.repeat(12))
  })

  it('have no room for the link that says "this was not me", which alone is half an SMS', () => {
    expect(String(sampleVariables.notMeUrl).length).toBeGreaterThan(78)
    for (const language of languages) {
      expect(sms('reset-password', language).text).not.toContain('not-me')
    }
  })
})
