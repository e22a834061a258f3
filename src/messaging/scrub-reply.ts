import type { Secret } from '../core/secret.ts'

const REPLY_LENGTH_MAX = 200
// the patterns below take time with the square of the length; a gateway may send 64 KiB, in which none would be kept
const READ_LENGTH_MAX = 1_000
// what one character of the secret may take in any of its forms, folds included
const FORM_LENGTH_MAX = 12
const MARK = '[secret]'
// a reply that breaks off inside the secret still shows its beginning; shorter ones give nothing away
const PREFIX_LENGTH_MIN = 4
// between two characters a message may be folded: quoted-printable soft break, base64 line, reply line
const FOLD = '(?:=?\\s+(?:\\d{3}[ -])?)?'

/**
 * What may be kept of a gateway's answer: the secret cut out in every form a mail or SMS gives it (raw,
 * quoted-printable, URL, HTML, JSON, base64, hex of UTF-8 and UCS-2), no control characters, ≤ 200 characters.
 */
export function scrubReply(reply: string, secret: Secret): string {
  const value = secret.reveal()
  const read = reply.slice(0, READ_LENGTH_MAX)
  const cut = value === '' ? read : cutSecret(read, value)
  // where reading stopped, half of a form may stand that no pattern knows
  const scrubbed =
    reply.length > READ_LENGTH_MAX ? cut.slice(0, -FORM_LENGTH_MAX * value.length || undefined) : cut
  const shown = scrubbed.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return [...shown].slice(0, REPLY_LENGTH_MAX).join('').toWellFormed()
}

function cutSecret(reply: string, value: string): string {
  const forms = [
    ...base64Forms(value),
    hexForm(value, 'utf8'),
    hexForm(swapped(value), 'latin1'),
    textForm(value),
  ]
  const cut = forms.reduce(
    (text, form) => (form.mayStandIn(text) ? text.replace(form.pattern(), MARK) : text),
    reply,
  )
  return cutPrefixAtEnd(cut, value)
}

/** One way to write the whole secret. */
interface Form {
  /**
   * False: it is certainly not there. Making and running a pattern takes milliseconds, a tenth of a reset's hash and
   * more, and hardly any reply needs one.
   */
  mayStandIn(text: string): boolean
  pattern(): RegExp
}

/** Whether for each character of a form something stands in the text that can begin it, in lower case. */
function hasBeginnings(text: string, beginnings: readonly (readonly string[])[]): boolean {
  const lower = lowerAscii(text)
  return beginnings.every((either) => either.some((beginning) => lower.includes(beginning)))
}

/** Letter by letter, which `toLowerCase` is not: a Greek sigma depends on its neighbours. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** Each character raw or as any text encoding writes it, so that mixtures are found too. */
function textForm(value: string): Form {
  const characters = [...value]
  return {
    mayStandIn: (text) => hasBeginnings(text, characters.map(beginningsOf)),
    pattern: () =>
      new RegExp(characters.map((character) => `(?:${writingsOf(character).join('|')})`).join(FOLD), 'g'),
  }
}

/** Of everything that `writingsOf` knows. */
function beginningsOf(character: string): readonly string[] {
  const [byte = 0] = Buffer.from(character, 'utf8')
  const hex = byte.toString(16).padStart(2, '0')
  const unit = character.charCodeAt(0).toString(16).padStart(4, '0')
  return [
    lowerAscii(character),
    `=${hex}`,
    `%${hex}`,
    `\\u${unit}`,
    '&',
    ...(character === ' ' ? ['+', '_'] : []),
  ]
}

function writingsOf(character: string): readonly string[] {
  const bytes = [...Buffer.from(character, 'utf8')].map((byte) => anyCase(byte.toString(16).padStart(2, '0')))
  const code = character.codePointAt(0) ?? 0
  const units = [...Array(character.length).keys()].map((at) =>
    anyCase(character.charCodeAt(at).toString(16).padStart(4, '0')),
  )
  return [
    bytes.map((byte) => `=${byte}`).join(FOLD),
    bytes.map((byte) => `%${byte}`).join(FOLD),
    units.map((unit) => `\\\\u${unit}`).join(''),
    `&#0*${code};`,
    `&#[xX]0*${anyCase(code.toString(16))};`,
    ...(namedEntities[character] ?? []).map((name) => `&${name};`),
    ...('"\\/'.includes(character) ? [`\\\\${escapeForPattern(character)}`] : []),
    ...(character === ' ' ? ['\\+', '_'] : []),
    escapeForPattern(character),
  ]
}

const namedEntities: Readonly<Record<string, readonly string[]>> = {
  '&': ['amp'],
  '<': ['lt'],
  '>': ['gt'],
  '"': ['quot'],
  "'": ['apos'],
}

/** The whole run of base64 around the secret, which stands at one of three offsets in it. */
function base64Forms(value: string): readonly Form[] {
  const bytes = Buffer.from(value, 'utf8')
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const firstOwn = [0, 2, 3][offset] ?? 0
    // the last character of an incomplete group depends on what follows
    const end = (offset + bytes.length) % 3 === 0 ? text.length : text.length - 1
    const own = [...text.slice(firstOwn, end)]
    if (own.length < PREFIX_LENGTH_MIN) {
      return []
    }
    const beginnings = own.map(
      (digit) => ({ '+': ['+', '-'], '/': ['/', '_'] })[digit] ?? [lowerAscii(digit)],
    )
    const pattern = () => {
      const core = own.map((digit) => ({ '+': '[+\\-]', '/': '[\\/_]' })[digit] ?? digit).join(FOLD)
      return new RegExp(`[A-Za-z0-9+/_-]*${core}[A-Za-z0-9+/_=-]*`, 'g')
    }
    return [{ mayStandIn: (text: string) => hasBeginnings(text, beginnings), pattern }]
  })
}

function hexForm(value: string, encoding: 'utf8' | 'latin1'): Form {
  const digits = [...Buffer.from(value, encoding).toString('hex')]
  return {
    // digits, and what a fold may hold
    mayStandIn: (text) => new RegExp(`[\\da-fA-F=\\s-]{${digits.length}}`).test(text),
    pattern: () => new RegExp(digits.map(anyCase).join(FOLD), 'g'),
  }
}

/** UCS-2 as SMS carry it, big-endian, one byte a character. */
function swapped(value: string): string {
  return Buffer.from(value, 'utf16le').swap16().toString('latin1')
}

function cutPrefixAtEnd(text: string, value: string): string {
  for (let length = value.length - 1; length >= PREFIX_LENGTH_MIN; length -= 1) {
    if (text.trimEnd().endsWith(value.slice(0, length))) {
      return `${text.trimEnd().slice(0, -length)}${MARK}`
    }
  }
  return text
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
}

function escapeForPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
