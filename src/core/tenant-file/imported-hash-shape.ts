import { formatImportedHash, readImportedHash } from '../password/imported-hash.ts'
import { Secret } from '../secret.ts'
import { readText, type Shape } from './shape.ts'

/** A hash of another system, kept in the one spelling that is stored. Never shown: what can be guessed from it is secret. */
export function importedHash(): Shape<Secret> {
  return {
    type: 'hash: bcrypt, scrypt or PBKDF2',
    read(place, source) {
      const text = readText(place, source)
      if (text === undefined) {
        return undefined
      }
      const read = readImportedHash(text.value)
      if ('complaint' in read) {
        source.report(place, read.complaint)
        return undefined
      }
      return new Secret(formatImportedHash(read))
    },
  }
}
