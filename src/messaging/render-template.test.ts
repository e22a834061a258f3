import fc from 'fast-check'
import { parse as parseHtml } from 'parse5'
import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { Secret } from '../core/secret.ts'
import { chooseTemplate } from './choose-template.ts'
import type { Channel, OutgoingMessage } from './gateway.ts'
import { createRequestRenderer } from './gateways/sms-http/render-request.ts'
import { readSmsHttpSettings } from './gateways/sms-http/settings.ts'
import { buildMail } from './gateways/smtp/build-mail.ts'
import type { ResetMessageVariables } from './message-sender.ts'
import { renderMessage } from './render-template.ts'
import type { MessageTemplate } from './template.ts'

const variables: ResetMessageVariables = {
  name: 'Alice',
  userName: 'alice',
  password: new Secret('aZ9#kP2m=Qx7%+wT'),
  issuedAt: Date.UTC(2025, 10, 22, 21, 7),
  expiresAt: Date.UTC(2025, 10, 23, 21, 7),
  timeZone: 'Asia/Shanghai',
  tenantName: 'Acme',
  reference: '20251122210700000-0A1B-2C3D4E5F6',
}

function render(template: MessageTemplate, change: Partial<ResetMessageVariables> = {}, language = 'en') {
  const to = template.channel === 'SMS' ? '+86-13800000001' : 'alice@acme.example'
  return renderMessage(template, { to, language, variables: { ...variables, ...change } })
}

function renderBuiltIn(
  channel: Channel,
  language: string,
  change: Partial<ResetMessageVariables> = {},
): OutgoingMessage {
  const chosen = chooseTemplate([], { event: 'reset-password', channel, languages: [language] })
  const message = chosen && render(chosen.template, change, chosen.language)
  if (message === undefined) {
    throw new Error('the built-in template does not render')
  }
  return message
}

const printable = fc.string({
  unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)),
  minLength: 8,
  maxLength: 64,
})
const hostileName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '<b>"\'&amp;</code>',
    '{{ password }}{% raw %}',
    'a\r\nBcc: eve@evil.example',
    '\u202eevil',
    '"}],"to":"+1',
    '--boundary--',
    '.\r\n.\r\n',
    '=3D=0A',
    '\ud800',
  ),
)
const language = fc.constantFrom('en', 'zh')

describe('the built-in messages', () => {
  it('show a mail’s reader the very password, in text and HTML, whatever the name', async () => {
    await fc.assert(
      fc.asyncProperty(
        printable,
        hostileName,
        hostileName,
        language,
        async (password, name, tenantName, reader) => {
          const message = renderBuiltIn('EMAIL', reader, { password: new Secret(password), name, tenantName })
          const raw = await buildMail({ name: 'IT', address: 'it@acme.example' }, message, variables.issuedAt)
          const mail = await PostalMime.parse(raw)
          expect(mail.text?.split('\n')).toContain(password)
          expect(codeOf(mail.html ?? '')).toEqual([password])
          expect(mail.to?.map(({ address }) => address)).toEqual(['alice@acme.example'])
          expect(mail.headers.map(({ key }) => key)).not.toContain('bcc')
          expect(mail.subject).not.toContain(password)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('show an SMS reader the very password, through a vendor’s JSON and form', () => {
    const json = requestRenderer('{"to":"{{ to }}","text":"{{ text }}","pw":"{{ password }}"}')
    const form = requestRenderer('to={{ to }}&text={{ text }}&params={{ password | json }}')
    fc.assert(
      fc.property(printable, hostileName, language, (password, name, reader) => {
        const message = renderBuiltIn('SMS', reader, { password: new Secret(password), tenantName: name })
        expect(message.to).toBe('+8613800000001')
        const text = message.text.reveal()
        expect(text.split('\n')).toContain(password)
        expect(JSON.parse(json(message))).toEqual({ to: '+8613800000001', text, pw: password })
        expect(Object.fromEntries(new URLSearchParams(form(message)))).toEqual({
          to: '+8613800000001',
          text,
          params: JSON.stringify(password),
        })
      }),
      { numRuns: 200 },
    )
  })

  it('say until when the password works, in the tenant’s zone and the reader’s language', () => {
    expect(renderBuiltIn('EMAIL', 'en').text.reveal()).toContain(
      'Works until: 24 November 2025 at 05:07 GMT+8\n',
    )
    expect(renderBuiltIn('EMAIL', 'zh').text.reveal()).toContain('有效期至：2025年11月24日 05:07（GMT+8）\n')
    expect(renderBuiltIn('EMAIL', 'en').text.reveal()).toContain('Reference 20251122210700000-0A1B-2C3D4E5F6')
  })

  it('fit an English SMS into the default alphabet of GSM', () => {
    const text = renderBuiltIn('SMS', 'en').text.reveal()
    // GSM 03.38: the part of ASCII that its default alphabet and extension table have
    expect(text).toMatch(/^[\n\r !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z{}[\]\\^~|]*$/)
    expect(text.length).toBeLessThanOrEqual(306) // two parts
  })

  it('fall back to English for a language that nobody wrote', () => {
    expect(chooseTemplate([], { event: 'reset-password', channel: 'SMS', languages: ['fr'] })?.language).toBe(
      'en',
    )
  })
})

describe('renderMessage', () => {
  const text: MessageTemplate = {
    channel: 'SMS',
    subject: undefined,
    text: '{{ password }}',
    html: undefined,
  }

  it.each([
    ['a filter that changes the password', '{{ password | downcase }}'],
    ['an unknown variable', '{{ password }} {{ passwort }}'],
    ['no password', 'Hello {{ name }}'],
    ['an open tag', '{{ password'],
    ['a loop', '{% for c in password %}{{ c }}{% endfor %}'],
    ['a file', '{% include "/etc/passwd" %}{{ password }}'],
    ['a property of a value', '{{ password }}{{ name.constructor }}'],
  ])('makes nothing of a text with %s', (_what, source) => {
    expect(render({ ...text, text: source })).toBeUndefined()
  })

  it('makes nothing of a subject that shows the password, or of HTML that hides it', () => {
    const mail: MessageTemplate = {
      channel: 'EMAIL',
      subject: 'Hello',
      text: '{{ password }}',
      html: undefined,
    }
    expect(render(mail)).toBeDefined()
    expect(render({ ...mail, subject: '{{ password }}' })).toBeUndefined()
    expect(render({ ...mail, html: '<!-- {{ password }} -->' })).toBeUndefined()
    expect(render({ ...mail, html: '<p title="{{ password }}">x</p>' })).toBeUndefined()
  })

  it('keeps control characters and directions of a name out of the message', () => {
    const message = render({ ...text, text: '{{ name }}\n{{ password }}' }, { name: 'A\r\nB\u202eC\u0000' })
    expect(message?.text.reveal()).toBe('A B C \naZ9#kP2m=Qx7%+wT')
  })

  it('never turns the password into text of its own accord', () => {
    const message = renderBuiltIn('EMAIL', 'en')
    expect(JSON.stringify(message)).not.toContain('aZ9#kP2m=Qx7%+wT')
    expect(String(message.variables.password)).toBe('[secret]')
  })
})

function requestRenderer(body: string): (message: OutgoingMessage) => string {
  const render = createRequestRenderer(readSmsHttpSettings({ url: 'http://127.0.0.1/send', body }))
  return (message) => render(message).body?.toString('utf8') ?? ''
}

/** The text of every code element, as a browser reads it. */
function codeOf(html: string): readonly string[] {
  const found: string[] = []
  const textOf = (node: object): string =>
    'value' in node && typeof node.value === 'string' ? node.value : childrenOf(node).map(textOf).join('')
  const visit = (node: object): void => {
    if ('nodeName' in node && node.nodeName === 'code') {
      found.push(textOf(node))
    }
    childrenOf(node).forEach(visit)
  }
  visit(parseHtml(html))
  return found
}

function childrenOf(node: object): readonly object[] {
  return 'childNodes' in node && Array.isArray(node.childNodes) ? node.childNodes : []
}
