import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import { systemRandomBytes } from '../core/randomness.ts'
import { Secret } from '../core/secret.ts'

/** Seals secrets that the database has to hold, and makes keyed hashes; the key stays outside the database. */
export interface Seal {
  /**
   * AES-256-GCM with a random nonce, as text. `context` says what it is and whose (tenant, kind, name): sealed text
   * that was moved elsewhere in the database does not open.
   */
  seal(plain: Secret, context: string): string
  /** @throws SealError when the text was sealed with another key or for another context, or was changed */
  open(sealed: string, context: string): Secret
  /** HMAC-SHA256, base64url, with a key for this purpose alone. */
  mac(purpose: string, value: string): string
  /** Whether the text has the form that `seal` gives it. */
  isSealed(text: string): boolean
}

export class SealError extends Error {
  override readonly name = 'SealError'
}

const VERSION = 'sealed:v1:'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** @throws RangeError when the key is not 32 bytes */
export function createSeal(masterKey: Uint8Array): Seal {
  if (masterKey.length !== KEY_BYTES) {
    throw new RangeError(`the master key must be ${KEY_BYTES} bytes`)
  }
  const sealingKey = deriveKey(masterKey, 'seal')
  // as objects of the library: reading a key from its bytes costs many times a MAC
  const macKeys = new Map<string, KeyObject>()

  return {
    seal(plain, context) {
      const nonce = systemRandomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce)
      cipher.setAAD(Buffer.from(VERSION + context))
      const encrypted = Buffer.concat([cipher.update(plain.reveal(), 'utf8'), cipher.final()])
      return VERSION + Buffer.concat([nonce, encrypted, cipher.getAuthTag()]).toString('base64url')
    },

    open: (sealed, context) => open(sealingKey, sealed, context),

    mac(purpose, value) {
      const key = macKeys.get(purpose) ?? createSecretKey(deriveKey(masterKey, `mac:${purpose}`))
      macKeys.set(purpose, key) // as many as there are purposes in the sources
      return createHmac('sha256', key).update(value).digest('base64url')
    },

    isSealed: (text) => text.startsWith(VERSION),
  }
}

function open(key: Uint8Array, sealed: string, context: string): Secret {
  const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url')
  if (!sealed.startsWith(VERSION) || bytes.length < NONCE_BYTES + TAG_BYTES) {
    throw new SealError('this is not sealed text')
  }
  const tagStart = bytes.length - TAG_BYTES
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(Buffer.from(VERSION + context))
  decipher.setAuthTag(bytes.subarray(tagStart))
  try {
    const plain = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, tagStart)), decipher.final()])
    return new Secret(plain.toString('utf8'))
  } catch (error) {
    throw new SealError(
      'a sealed secret does not open: the master key is another one, or the text was changed',
      {
        cause: error,
      },
    )
  }
}

function deriveKey(masterKey: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(0), `rekey:${purpose}`, KEY_BYTES))
}
