import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createSecretFinder } from './find-secrets.ts'

const secret = 'Tq7#nWd+84LaXe'
const other = 'nH4rTQ8kWd2Lx'
const finder = createSecretFinder([other, secret])
const folder = mkdtempSync(join(tmpdir(), 'rekey-secrets-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ucs2Hex = Buffer.from(secret, 'utf16le').swap16().toString('hex')
const shown: Readonly<Record<string, string | Buffer>> = {
  raw: `password=${secret};`,
  'UTF-16': Buffer.from(`password=${secret};`, 'utf16le'),
  'base64 of the password alone': Buffer.from(secret).toString('base64'),
  'base64 one byte into a text': Buffer.from(`x${secret} and more`).toString('base64'),
  'base64 two bytes into a text': Buffer.from(`xy${secret} and more`).toString('base64'),
  'base64, folded': Buffer.from(`xy${secret} and more`)
    .toString('base64')
    .replace(/(.{7})/g, '$1\r\n'),
  'quoted-printable': secret.replace('#', '=23').replace('+', '=2B'),
  'quoted-printable, folded': `${secret.slice(0, 5)}=\r\n${secret.slice(5)}`,
  'a URL': encodeURIComponent(secret),
  hexadecimal: Buffer.from(secret).toString('hex'),
  'UCS-2 hexadecimal': ucs2Hex,
  'UCS-2 hexadecimal, upper case': ucs2Hex.toUpperCase(),
}

describe('the search for secrets', () => {
  it.each(Object.entries(shown))('finds one in %s, whatever stands around it', (_encoding, text) => {
    const bytes = Buffer.concat([randomBytes(999), Buffer.from(text), randomBytes(999)])
    expect(finder.findInBytes(bytes).map(({ secretIndex }) => secretIndex)).toContain(1)
  })

  it('finds one on the border of what is read at a time', () => {
    const path = join(folder, 'large')
    writeFileSync(
      path,
      Buffer.concat([Buffer.alloc(8 * 1024 * 1024 - 6), Buffer.from(secret), Buffer.alloc(99)]),
    )
    expect(finder.findInFile(path)).toEqual([{ secretIndex: 1, encoding: 'raw' }])
  })

  it('finds none where there is none, nor a part of one', () => {
    const path = join(folder, 'clean')
    writeFileSync(path, Buffer.concat([randomBytes(1_000_000), Buffer.from(secret.slice(0, -1))]))
    expect(finder.findInFile(path)).toEqual([])
  })

  it('refuses a secret that is too short to be told from chance', () => {
    expect(() => createSecretFinder(['seven77'])).toThrow('too short')
  })
})
