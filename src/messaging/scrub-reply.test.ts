import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Secret } from '../core/secret.ts'
import { escapeFor } from './place.ts'
import { scrubReply } from './scrub-reply.ts'

const password = 'aZ9#k"P&2=m/Qx+7'
const secret = new Secret(password)
const hexOf = (text: string) => Buffer.from(text, 'utf16le').swap16().toString('hex')

const encodings: Record<string, (text: string) => string> = {
  raw: (text) => text,
  'base64, aligned': (text) => Buffer.from(text).toString('base64'),
  'base64, one off': (text) => Buffer.from(`x${text}yy`).toString('base64'),
  'base64, two off': (text) => Buffer.from(`xx${text}y`).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'quoted-printable': (text) =>
    text.replace(/[^A-Za-z0-9]/g, (c) => `=${c.charCodeAt(0).toString(16).toUpperCase()}`),
  'quoted-printable, folded': (text) => `${text.slice(0, 5)}=\r\n${text.slice(5)}`.replaceAll('"', '=22'),
  URL: encodeURIComponent,
  form: (text) => new URLSearchParams({ text }).toString(),
  HTML: escapeFor.html,
  'HTML, numeric': (text) => text.replace(/./g, (c) => `&#x${c.charCodeAt(0).toString(16)};`),
  JSON: (text) => JSON.stringify(text),
  'JSON, ASCII': (text) => text.replace(/./g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'UCS-2 hex': hexOf,
  'UCS-2 HEX': (text) => hexOf(text).toUpperCase(),
  hex: (text) => Buffer.from(text).toString('hex'),
}

describe('scrubReply', () => {
  it.each(Object.keys(encodings))('cuts the secret out in its form: %s', (name) => {
    const encode = encodings[name] ?? ((text) => text)
    const scrubbed = scrubReply(`550 refused: ${encode(password)} (policy)`, secret)
    expect(scrubbed).toContain('[secret]')
    expect(scrubbed).toMatch(/^550 refused: .*\(policy\)$/)
    expect(scrubbed).not.toContain(encode(password).slice(0, 8))
    expect(scrubbed).not.toContain(encode(password).slice(-8))
  })

  it('leaves neither the secret nor one of its forms of any printable password', () => {
    const printable = fc.string({
      unit: fc.integer({ min: 33, max: 126 }).map((c) => String.fromCharCode(c)),
      minLength: 8,
      maxLength: 64,
    })
    fc.assert(
      fc.property(printable, fc.constantFrom(...Object.values(encodings)), (value, encode) => {
        const scrubbed = scrubReply(`no: ${encode(value)} end`, new Secret(value))
        expect(scrubbed).toContain('[secret]')
        expect(scrubbed.length).toBeLessThan(40)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    '250 2.0.0 Ok: queued as 4Zx1Ab2C3d',
    '250 2.6.0 <a1b2c3d4e5f60718@EX01.corp.example> [InternalId=4398046511111, Hostname=EX01.corp.example] Queued',
    '{"code":"OK","message":"ok","bizId":"900619746936498440^0"}',
  ])('takes little time over a common answer: %s', (reply) => {
    const scrubs = 500
    const before = process.cpuUsage()
    for (let count = 0; count < scrubs; count += 1) {
      scrubReply(reply, new Secret(`${randomBytes(12).toString('base64url')}#`))
    }
    const { user, system } = process.cpuUsage(before)
    // microseconds; with patterns it is several thousand
    expect((user + system) / scrubs).toBeLessThan(500)
  })

  it('cuts the secret out where its characters need a pattern and their case does not say so', () => {
    const greek = 'ΣΑΣ-ΟΔΟΣ-Ähre-İK'
    expect(scrubReply(`550 ${greek} refused`, new Secret(greek))).toBe('550 [secret] refused')
  })

  it('cuts a beginning of the secret at the end of a reply that broke off', () => {
    expect(scrubReply(`text was: ${password.slice(0, 9)}`, secret)).toBe('text was: [secret]')
  })

  it('keeps one line of at most 200 characters, without control characters', () => {
    const scrubbed = scrubReply(`250-one\r\n250 two\u0000\u001b[31m\u2028${'x'.repeat(500)}`, secret)
    expect(scrubbed).toHaveLength(200)
    expect(scrubbed).toMatch(/^250-one 250 two \[31m x+$/)
  })

  it.each([
    ['beginnings of the secret', 'aZ9#'.repeat(16_000) + ' '.repeat(10_000)],
    ['base64, as a token or an image in JSON', 'QUJD'.repeat(16_000)],
    ['an entity that never ends', `&#${'0'.repeat(64_000)}`],
    ['soft line breaks', 'a=\r\n'.repeat(16_000)],
  ])('holds nobody up over a long reply: %s', (_name, reply) => {
    const startedAt = performance.now()
    scrubReply(reply, secret)
    expect(performance.now() - startedAt).toBeLessThan(200)
  })

  it.each(Object.keys(encodings))(
    'keeps no half of the secret where reading a long reply stops: %s',
    (name) => {
      const form = (encodings[name] ?? ((text) => text))(password)
      for (let shift = 1; shift < form.length; shift += 1) {
        const padding = ' '.repeat(1_000 - shift)
        expect(scrubReply(`${padding}${form} and more`, secret)).toBe('')
      }
    },
  )
})
