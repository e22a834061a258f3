import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** One way in which a secret can stand in a file. */
interface SecretForm {
  /** Its place in the list of secrets: the secret itself is shown to nobody. */
  readonly secretIndex: number
  readonly encoding: string
  readonly bytes: Buffer
}

export interface FoundSecret {
  readonly secretIndex: number
  readonly encoding: string
}

// forms are told apart by their first bytes; a shorter form could not be told from chance
const ANCHOR_BYTES = 8
const CHUNK_BYTES = 8 * 1024 * 1024
const FILTER_BITS = 24

export interface SecretFinder {
  /** What of the secrets the bytes hold, folded lines unfolded too; one entry for each secret and encoding. */
  findInBytes(bytes: Buffer): readonly FoundSecret[]
  findInFile(path: string): readonly FoundSecret[]
}

/**
 * Finds any number of secrets in any amount of bytes, in one pass: raw, as UTF-16, in base64 at each alignment, in
 * quoted-printable, URL-encoded, and in hexadecimal of UTF-8 and UCS-2. Secrets under 8 bytes are refused.
 */
export function createSecretFinder(secrets: readonly string[]): SecretFinder {
  const forms = secrets.flatMap((secret, index) => formsOf(secret, index))
  const overlapBytes = 2 * forms.reduce((longest, { bytes }) => Math.max(longest, bytes.length), 0)
  const filter = new Uint8Array(2 ** FILTER_BITS / 8)
  const byAnchor = new Map<number, SecretForm[]>()
  for (const form of forms) {
    const anchor = anchorOf(form.bytes.readUInt32BE(0), form.bytes.readUInt32BE(4))
    filter[anchor >>> 3] = (filter[anchor >>> 3] ?? 0) | (1 << (anchor & 7))
    byAnchor.set(anchor, [...(byAnchor.get(anchor) ?? []), form])
  }

  function collect(bytes: Buffer, found: Map<string, FoundSecret>): void {
    let [first, second] = [0, 0]
    for (let at = 0; at < bytes.length; at += 1) {
      first = ((first << 8) | (second >>> 24)) >>> 0
      second = ((second << 8) | (bytes[at] ?? 0)) >>> 0
      const anchor = anchorOf(first, second)
      if (((filter[anchor >>> 3] ?? 0) & (1 << (anchor & 7))) !== 0 && at >= ANCHOR_BYTES - 1) {
        collectAt(bytes, at - ANCHOR_BYTES + 1, byAnchor.get(anchor) ?? [], found)
      }
    }
  }

  return {
    findInBytes(bytes) {
      const found = new Map<string, FoundSecret>()
      collect(bytes, found)
      collect(unfold(bytes), found)
      return [...found.values()]
    },
    findInFile(path) {
      const found = new Map<string, FoundSecret>()
      for (const bytes of readChunks(path, overlapBytes)) {
        collect(bytes, found)
        collect(unfold(bytes), found)
      }
      return [...found.values()]
    },
  }
}

function collectAt(
  bytes: Buffer,
  start: number,
  forms: readonly SecretForm[],
  found: Map<string, FoundSecret>,
): void {
  for (const { secretIndex, encoding, bytes: form } of forms) {
    if (bytes.subarray(start, start + form.length).equals(form)) {
      found.set(`${secretIndex} ${encoding}`, { secretIndex, encoding })
    }
  }
}

function anchorOf(first: number, second: number): number {
  return (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> (32 - FILTER_BITS)
}

/** Without line ends, which mail puts into base64, and into quoted-printable behind a `=`. */
function unfold(bytes: Buffer): Buffer {
  const [lineFeed, carriageReturn, equals] = [0x0a, 0x0d, 0x3d]
  const unfolded = Buffer.allocUnsafe(bytes.length)
  let length = 0
  for (const byte of bytes) {
    if (byte === lineFeed) {
      length -= unfolded[length - 1] === carriageReturn && length > 0 ? 1 : 0
      length -= unfolded[length - 1] === equals && length > 0 ? 1 : 0
    } else {
      unfolded[length] = byte
      length += 1
    }
  }
  return length === bytes.length ? Buffer.alloc(0) : unfolded.subarray(0, length)
}

function* readChunks(path: string, overlapBytes: number): Generator<Buffer> {
  const file = openSync(path, 'r')
  try {
    // one byte more than the file: the read that fills it is not the last
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, fstatSync(file).size + 1))
    let kept = 0
    for (;;) {
      const read = readSync(file, buffer, kept, buffer.length - kept, null)
      if (read === 0) {
        return
      }
      const bytes = buffer.subarray(0, kept + read)
      yield bytes
      kept = Math.min(overlapBytes, bytes.length)
      bytes.copy(buffer, 0, bytes.length - kept)
    }
  } finally {
    closeSync(file)
  }
}

function formsOf(secret: string, secretIndex: number): readonly SecretForm[] {
  const utf8 = Buffer.from(secret, 'utf8')
  if (utf8.length < ANCHOR_BYTES) {
    throw new Error(`secret ${secretIndex} is too short to be told from chance`)
  }
  const utf16 = Buffer.from(secret, 'utf16le')
  const ucs2 = Buffer.from(utf16).swap16()
  const forms: Readonly<Record<string, Buffer | string>> = {
    raw: utf8,
    'UTF-16, low byte first': utf16,
    'UTF-16, high byte first': ucs2,
    'base64, first alignment': base64Core(utf8, 0),
    'base64, second alignment': base64Core(utf8, 1),
    'base64, third alignment': base64Core(utf8, 2),
    'quoted-printable': escapeSpecials(utf8, '='),
    'quoted-printable, every byte': escapeAll(utf8, '='),
    'URL-encoded': escapeSpecials(utf8, '%'),
    'URL-encoded, every byte': escapeAll(utf8, '%'),
    hexadecimal: utf8.toString('hex'),
    'hexadecimal, upper case': utf8.toString('hex').toUpperCase(),
    'UCS-2 hexadecimal': ucs2.toString('hex'),
    'UCS-2 hexadecimal, upper case': ucs2.toString('hex').toUpperCase(),
    'UCS-2 hexadecimal, low byte first': utf16.toString('hex'),
    'UCS-2 hexadecimal, low byte first, upper case': utf16.toString('hex').toUpperCase(),
  }
  return Object.entries(forms).map(([encoding, form]) => ({
    secretIndex,
    encoding,
    bytes: typeof form === 'string' ? Buffer.from(form, 'latin1') : form,
  }))
}

/** What base64 of any text shows of the secret when it begins this many bytes after a group of three. */
function base64Core(utf8: Buffer, offset: 0 | 1 | 2): string {
  const text = Buffer.concat([Buffer.alloc(offset), utf8])
    .toString('base64')
    .replace(/=+$/, '')
  const characters = { 0: 0, 1: 2, 2: 3 }[offset] // those that the bytes before share in
  const isWhole = (offset + utf8.length) % 3 === 0
  return text.slice(characters, isWhole ? undefined : -1)
}

function escapeSpecials(utf8: Buffer, mark: string): string {
  return [...utf8]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[A-Za-z0-9]/.test(character) ? character : escapeByte(byte, mark)
    })
    .join('')
}

function escapeAll(utf8: Buffer, mark: string): string {
  return [...utf8].map((byte) => escapeByte(byte, mark)).join('')
}

function escapeByte(byte: number, mark: string): string {
  return mark + byte.toString(16).toUpperCase().padStart(2, '0')
}
