import { pbkdf2, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { verify } from '@node-rs/bcrypt'
import type { Secret } from '../secret.ts'
import { type ImportedHash, readImportedHash } from './imported-hash.ts'

const derivePbkdf2 = promisify(pbkdf2)
const deriveScrypt = promisify<string, Buffer, number, object, Buffer>(scrypt)

/**
 * Whether the password makes this hash; on the thread pool, compared in constant time. bcrypt looks at the first 72
 * bytes only, here as everywhere: what signed in before the import signs in after it.
 */
export async function matchesImportedHash(password: Secret, hash: string): Promise<boolean> {
  const imported = readImportedHash(hash)
  if ('complaint' in imported) {
    throw new Error('a stored hash of an imported kind is not understood')
  }
  try {
    return await matches(password.reveal(), imported)
  } catch {
    // without its cause: what a library says about its arguments goes to no log
    throw new Error(`a stored hash of kind ${imported.kind} cannot be compared with`)
  }
}

async function matches(password: string, imported: ImportedHash): Promise<boolean> {
  switch (imported.kind) {
    case 'bcrypt':
      return await verify(password, imported.encoded)
    case 'scrypt': {
      const { n, r, p, salt, digest } = imported
      const maxmem = 128 * r * (n + p + 2) // what OpenSSL reckons; `readImportedHash` bounds it
      return timingSafeEqual(
        await deriveScrypt(password, salt, digest.length, { N: n, r, p, maxmem }),
        digest,
      )
    }
    case 'pbkdf2': {
      const { hash, iterations, salt, digest } = imported
      return timingSafeEqual(await derivePbkdf2(password, salt, iterations, digest.length, hash), digest)
    }
  }
}
