import { describe, expect, it } from 'vitest'
import { systemClock } from '../core/clock.ts'
import { Secret } from '../core/secret.ts'
import { createGateway, openSettings, sealSettings, validateGatewaySettings } from './gateway-kinds.ts'
import { createMailbox } from './gateways/mailbox.ts'

const smtp = { url: 'smtp://127.0.0.1:2525', from: 'IT <it@acme.example>' }
const smsHttp = { url: 'https://sms.example/send', body: '{"to":"{{ to }}","text":"{{ text }}"}' }

describe('validateGatewaySettings', () => {
  it.each([
    ['smtp', { ...smtp, timeout_ms: 8000 }],
    ['smtp', { ...smtp, url: 'smtps://bob:p%40ss@mail.acme.example', connections_max: 10 }],
    ['smtp', { ...smtp, url: 'smtp+starttls://[::1]', user: 'bob', password: 'p' }],
    ['sms-http', { ...smsHttp, method: 'POST', headers: {}, timeout_ms: 8000 }],
    [
      'sms-http',
      {
        ...smsHttp,
        headers: { Authorization: 'Bearer x' },
        accept: { status: 200, json: 'code', equals: 'OK' },
      },
    ],
    ['sms-http', { url: 'http://127.0.0.1:2526/send?to={{ to }}&text={{ text }}', method: 'GET' }],
    ['sms-http', { ...smsHttp, body: 'to={{ to }}&params={{ password | json }}' }],
  ])('finds nothing wrong with %s %j', (kind, settings) => {
    expect(validateGatewaySettings(kind, settings)).toEqual([])
  })

  it.each([
    ['pigeon', {}, /^kind must be smtp \(for EMAIL\) or sms-http \(for SMS\)$/],
    ['constructor', {}, /^kind must be/],
    ['mailbox', {}, /^kind must be/],
    ['smtp', { ...smtp, url: 'http://127.0.0.1' }, /^url must be smtp:\/\//],
    ['smtp', { ...smtp, url: 'smtp://mail.acme.example/inbox' }, /^url must be/],
    ['smtp', { ...smtp, url: undefined }, /^url must be/],
    ['smtp', { ...smtp, from: 'nobody' }, /^from must be one address/],
    ['smtp', { ...smtp, from: 'a@acme.example, b@acme.example' }, /^from must be one address/],
    ['smtp', { ...smtp, from: 'IT\r\nBcc: x <it@acme.example>' }, /^from must be one address/],
    ['smtp', { ...smtp, user: 'bob' }, /^user and password belong together/],
    ['smtp', { ...smtp, timeout_ms: 5 }, /^timeout_ms must be a whole number from 100 to 60000$/],
    ['smtp', { ...smtp, connections_max: '5' }, /^connections_max must be a whole number/],
    ['smtp', { ...smtp, tls_ca: 'x' }, /^tls_ca must be certificates/],
    ['smtp', { ...smtp, pool: 3 }, /^pool is no key of a gateway of kind smtp: its keys are url, from/],
    ['sms-http', { ...smsHttp, url: 'ftp://x' }, /^url must begin with https/],
    ['sms-http', { ...smsHttp, url: 'https://{{ to }}.sms.example/' }, /^url must begin with/],
    ['sms-http', { ...smsHttp, method: 'DELETE' }, /^method must be/],
    ['sms-http', { ...smsHttp, method: 'GET' }, /^body does not go with method GET/],
    ['sms-http', { ...smsHttp, headers: 'x' }, /^headers must be names/],
    ['sms-http', { ...smsHttp, headers: { 'a b': 'x' } }, /^headers holds a name/],
    ['sms-http', { ...smsHttp, headers: { Host: 'x' } }, /^headers must not set Host/],
    [
      'sms-http',
      { ...smsHttp, headers: { 'X-A': '{{ nobody }}' } },
      /^headers, line 1: nobody is no variable/,
    ],
    ['sms-http', { ...smsHttp, accept: { code: 1 } }, /^accept.code is no key/],
    ['sms-http', { ...smsHttp, accept: { status: 'fine' } }, /^accept.status must be/],
    ['sms-http', { ...smsHttp, accept: { json: 'code' } }, /^accept.json and accept.equals belong together/],
    ['sms-http', { ...smsHttp, refuse: {} }, /^refuse is empty/],
    ['sms-http', { ...smsHttp, body: '{"to":"{{ to }}"}' }, /^body or url must hold \{\{ text \}\}/],
    ['sms-http', { ...smsHttp, body: '{"text":"{{ text }}"}' }, /^body or url must hold \{\{ to \}\}/],
    [
      'sms-http',
      { ...smsHttp, body: '{"to":"{{ to }}","text":{{ text }}}' },
      /^body is no JSON once values are in/,
    ],
    [
      'sms-http',
      { ...smsHttp, body: '{"to":"{{ to }}","text":"{{ text | strip_newlines }}"}' },
      /^body changes \{\{ text/,
    ],
    [
      'sms-http',
      { ...smsHttp, body: '{"to":"{{ to }}","text":"{{ txt }}"}' },
      /^body, line 1: txt is no variable/,
    ],
  ])('says what is wrong with %s %j', (kind, settings, problem) => {
    const problems = validateGatewaySettings(kind, settings)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(problem)
  })

  it('quotes no value, which may be a secret', () => {
    const bad = {
      url: 'smtp://bob:hidden-1@host/x',
      from: 'hidden-2',
      password: 'hidden-3',
      tls_ca: 'hidden-4',
    }
    expect(validateGatewaySettings('smtp', bad).join()).not.toContain('hidden')
    const badSms = {
      url: 'x://hidden-1',
      headers: { 'bad name': 'hidden-2' },
      body: '{{ hidden | {{ text }}',
    }
    expect(validateGatewaySettings('sms-http', badSms).join()).not.toMatch(/hidden-/)
  })

  it('lets the mailbox pass in the demo alone, and a kind on its own channels alone', () => {
    expect(validateGatewaySettings('mailbox', {}, { allowMailbox: true })).toEqual([])
    expect(validateGatewaySettings('smtp', smtp, { channel: 'SMS' })).toEqual([
      'kind smtp carries EMAIL: change kind or channel',
    ])
  })
})

describe('createGateway', () => {
  it('makes no mailbox unless one is handed in', () => {
    const spec = { name: 'box', channel: 'EMAIL', settings: {} } as const
    expect(() => createGateway('mailbox', spec, { clock: systemClock })).toThrow('in the demo only')
    const mailbox = createMailbox({ messagesMax: 1 })
    expect(createGateway('mailbox', spec, { clock: systemClock, mailbox }).name).toBe('box')
  })

  it('makes nothing of bad settings or of the wrong channel', () => {
    const spec = { name: 'x', channel: 'SMS', settings: smtp } as const
    expect(() => createGateway('smtp', spec, { clock: systemClock })).toThrow('cannot carry SMS')
    expect(() =>
      createGateway('smtp', { ...spec, channel: 'EMAIL', settings: {} }, { clock: systemClock }),
    ).toThrow('url')
  })
})

describe('sealSettings', () => {
  it('seals every text under a secret field, at any depth, and openSettings gives them back', () => {
    const settings = { ...smsHttp, headers: { authorization: 'Bearer x', 'x-n': 1 }, method: 'POST' }
    const sealed = sealSettings('sms-http', settings, (text) => `sealed:${text.toUpperCase()}`)
    expect(sealed).toMatchObject({
      url: 'sealed:HTTPS://SMS.EXAMPLE/SEND',
      headers: { authorization: 'sealed:BEARER X', 'x-n': 1 },
      method: 'POST',
    })
    const opened = openSettings(sealed, {
      isSealed: (text) => text.startsWith('sealed:'),
      open: (text) => new Secret(text.slice('sealed:'.length).toLowerCase()),
    })
    expect(opened.headers).toEqual({ authorization: new Secret('bearer x'), 'x-n': 1 })
    expect(JSON.stringify(opened)).not.toContain('bearer')
  })
})
