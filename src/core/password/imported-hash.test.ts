import { describe, expect, it, test } from 'vitest'
import { Secret } from '../secret.ts'
import { formatImportedHash, type ImportedHash, readImportedHash } from './imported-hash.ts'
import { matchesImportedHash } from './verify-imported-hash.ts'

const base64 = (text: string, encoding: 'hex' | 'utf8') => Buffer.from(text, encoding).toString('base64')
const rfc7914Scrypt =
  '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887'
const rfc7914Pbkdf2 =
  '4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d'

/** Published test vectors: where they come from, the password, the hash. */
const vectors: readonly (readonly [string, string, string])[] = [
  ['crypt_blowfish', 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['crypt_blowfish', 'U*U*', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK'],
  ['crypt_blowfish', 'U*U*U', '$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a'],
  ['crypt_blowfish as $2b$', 'U*U', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['PHP', 'U*U', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['Django bcrypt', 'U*U', 'bcrypt$$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  [
    'RFC 7914, 12',
    'pleaseletmein',
    `$scrypt$ln=14,r=8,p=1$${base64('SodiumChloride', 'utf8')}$${base64(rfc7914Scrypt, 'hex')}`,
  ],
  [
    'passlib scrypt',
    'password',
    '$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E',
  ],
  [
    'Django scrypt',
    'lètmein',
    'scrypt$16384$seasalt$8$1$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==',
  ],
  [
    'RFC 7914, 11',
    'Password',
    `$pbkdf2-sha256$80000$${base64('NaCl', 'utf8')}$${base64(rfc7914Pbkdf2, 'hex')}`,
  ],
  [
    'RFC 6070',
    'password',
    `$pbkdf2$4096$${base64('salt', 'utf8')}$${base64('4b007901b765489abead49d926f721d065a429c1', 'hex')}`,
  ],
  [
    'RFC 6070 in Django’s spelling',
    'password',
    `pbkdf2_sha1$4096$salt$${base64('4b007901b765489abead49d926f721d065a429c1', 'hex')}`,
  ],
  [
    'passlib PBKDF2',
    'password',
    '$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44',
  ],
  [
    'passlib PBKDF2 as a PHC string',
    'password',
    '$pbkdf2-sha256$i=6400,l=32$+6UI/S+nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44',
  ],
  [
    'PBKDF2-HMAC-SHA512',
    'password',
    `$pbkdf2-sha512$1$${base64('salt', 'utf8')}$${base64('867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce', 'hex')}`,
  ],
]

describe('an imported hash', () => {
  test.each(vectors)(
    'is of its password and of no other, however it was written: %s',
    async (_, password, text) => {
      const stored = formatImportedHash(read(text))
      expect(stored).toMatch(/^\$/)
      expect(formatImportedHash(read(stored))).toBe(stored)
      expect(await matchesImportedHash(new Secret(password), stored)).toBe(true)
      for (const other of [`${password}x`, password.slice(1), '']) {
        expect(await matchesImportedHash(new Secret(other), stored)).toBe(false)
      }
    },
  )

  it('of bcrypt is of everything that begins with the same 72 bytes', async () => {
    // crypt_blowfish's own vector
    const hash = '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui'
    const first72 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
    const matches = (password: string) => matchesImportedHash(new Secret(password), hash)
    expect(await matches(`${first72}chars after 72 are ignored`)).toBe(true)
    expect(await matches(first72)).toBe(true)
    expect(await matches(first72.slice(0, 71))).toBe(false)
  })

  it('of bcrypt is of an empty password too', async () => {
    const hash = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy'
    expect(await matchesImportedHash(new Secret(''), hash)).toBe(true)
  })
})

const salt = 'c2FsdHNhbHQ'
const digest = 'A'.repeat(43)

describe('readImportedHash', () => {
  test.each([
    [`$2b$16$${'a'.repeat(53)}`, 'bcrypt with a cost of 16'],
    [`$2b$03$${'a'.repeat(53)}`, 'bcrypt with a cost of 03'],
    [`$pbkdf2-sha256$2000001$${salt}$${digest}`, '2000001 iterations'],
    [`$pbkdf2-sha256$0$${salt}$${digest}`, '0 iterations'],
    [`pbkdf2_sha256$999999999$salt$${digest}=`, '999999999 iterations'],
    [`$scrypt$ln=18,r=8,p=1$${salt}$${digest}`, 'too high a cost'],
    [`$scrypt$ln=14,r=8,p=17$${salt}$${digest}`, 'too high a cost'],
    [`$scrypt$ln=1,r=999999,p=999999$${salt}$${digest}`, 'too high a cost'],
    [`$scrypt$ln=0,r=8,p=1$${salt}$${digest}`, 'parameters that scrypt does not have'],
    [`scrypt$1000$salt$8$1$${digest}=`, 'parameters that scrypt does not have'],
  ])('refuses what no machine should have to compute: %s', (text, part) => {
    expect(readImportedHash(text)).toEqual({ complaint: expect.stringContaining(part) })
  })

  test.each([
    ['an Argon2 hash', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$AAAA'],
    ['an unsalted digest', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['bcrypt over SHA-256', `bcrypt_sha256$$2b$12$${'a'.repeat(53)}`],
    ['broken bcrypt', `$2x$10$${'a'.repeat(53)}`],
    ['a bcrypt hash that was cut', `$2b$10$${'a'.repeat(52)}`],
    ['a line of its own after it', `$2b$10$${'a'.repeat(53)}\n`],
    ['nothing', ''],
  ])('refuses what it cannot verify, and says what it can: %s', (_, text) => {
    expect(readImportedHash(text)).toEqual({
      complaint: expect.stringContaining('is no hash that can be imported'),
    })
  })

  test.each([
    [`$pbkdf2-sha256$1000$${salt}$AAAA`, 'has a hash of 3 bytes'],
    [`$pbkdf2-sha256$1000$${salt}$${'A'.repeat(100)}`, 'has a hash of 75 bytes'],
    [`$pbkdf2-sha256$1000$${'A'.repeat(200)}$${digest}`, 'has a salt of 150 bytes'],
    [`$pbkdf2-sha256$1000$${salt}$${'A'.repeat(42)}!`, 'not base64'],
    [`$pbkdf2-sha256$1000$====$${digest}`, 'not base64'],
  ])('refuses parts that are no salt and no hash: %s', (text, part) => {
    expect(readImportedHash(text)).toEqual({ complaint: expect.stringContaining(part) })
  })

  it('never shows the hash in what it says', () => {
    const secretParts = ['SECRETSALT0', 'S3CRETHASH'.repeat(10)]
    for (const text of [`$pbkdf2-sha256$1$${secretParts.join('$')}`, secretParts.join('')]) {
      expect(JSON.stringify(readImportedHash(text))).not.toMatch(/SECRETSALT|S3CRETHASH/)
    }
  })
})

describe('matchesImportedHash', () => {
  it('says nothing of the hash or the password when a stored hash is not understood', async () => {
    const failing = matchesImportedHash(new Secret('pa55word'), '$md5$S3CRET')
    await expect(failing).rejects.toThrow(/^a stored hash of an imported kind is not understood$/)
  })
})

function read(text: string): ImportedHash {
  const found = readImportedHash(text)
  if ('complaint' in found) throw new Error(found.complaint)
  return found
}
