/** A hash that another system made, understood. */
export type ImportedHash =
  | { readonly kind: 'bcrypt'; readonly encoded: string }
  | (Derived & { readonly kind: 'scrypt'; readonly n: number; readonly r: number; readonly p: number })
  | (Derived & { readonly kind: 'pbkdf2'; readonly hash: Pbkdf2Hash; readonly iterations: number })

interface Derived {
  readonly salt: Buffer
  readonly digest: Buffer
}

const pbkdf2Hashes = ['sha1', 'sha256', 'sha512'] as const
type Pbkdf2Hash = (typeof pbkdf2Hashes)[number]

// At a bound one comparison takes a core 0.7 s (bcrypt: 2.3 s), or 128 MiB: real exports stay below, and a hostile one
// cannot stop the machine.
const BCRYPT_COST_MIN = 4
const BCRYPT_COST_MAX = 15
const PBKDF2_ITERATIONS_MAX = 2_000_000
const SCRYPT_MEMORY_MIB_MAX = 128
const SCRYPT_WORK_MAX = 2 ** 21 // n × r × p; twice OWASP's strongest
const SALT_BYTES_MAX = 128
const DIGEST_BYTES_MIN = 16 // shorter ones are met by chance
const DIGEST_BYTES_MAX = 64

const FORMS =
  'write $2b$…, $scrypt$ln=…,r=…,p=…$salt$hash, or $pbkdf2-sha256$iterations$salt$hash (sha1, sha256, sha512), or what Django exports'

/** Why a hash is refused, in words that follow its name: `is …`. Never shows the hash. */
export interface ImportComplaint {
  readonly complaint: string
}

/** The text begins with `$`, which no base64 digest does: it is an imported hash, not a digest of ours. */
export function isImportedHash(digest: string): boolean {
  return digest.startsWith('$')
}

/** For the record: `bcrypt`, `scrypt`, `pbkdf2`. */
export function kindOfImportedHash(hash: string): ImportedHash['kind'] | undefined {
  const read = readImportedHash(hash)
  return 'complaint' in read ? undefined : read.kind
}

/** Reads what bcrypt, passlib, PHC strings and Django write; a hash that costs too much is refused. */
export function readImportedHash(text: string): ImportedHash | ImportComplaint {
  return (
    readBcrypt(text) ??
    readScrypt(text) ??
    readPbkdf2(text) ?? { complaint: `is no hash that can be imported: ${FORMS}` }
  )
}

/** The one spelling in which a hash is stored. */
export function formatImportedHash(hash: ImportedHash): string {
  switch (hash.kind) {
    case 'bcrypt':
      return hash.encoded
    case 'scrypt': {
      const { n, r, p } = hash
      return `$scrypt$ln=${Math.log2(n)},r=${r},p=${p}$${encode(hash.salt)}$${encode(hash.digest)}`
    }
    case 'pbkdf2':
      return `$pbkdf2-${hash.hash}$${hash.iterations}$${encode(hash.salt)}$${encode(hash.digest)}`
  }
}

type Read = ImportedHash | ImportComplaint | undefined

/** Django puts `bcrypt$` before it. `$2x$` marks hashes of a broken implementation, which nothing verifies any more. */
function readBcrypt(text: string): Read {
  const match = /^(?:bcrypt\$)?(\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53})$/.exec(text)
  const [, encoded, cost] = match ?? []
  if (encoded === undefined) {
    return undefined
  }
  return Number(cost) < BCRYPT_COST_MIN || Number(cost) > BCRYPT_COST_MAX
    ? {
        complaint: `is bcrypt with a cost of ${cost}: from ${BCRYPT_COST_MIN} to ${BCRYPT_COST_MAX} it can be imported; ${RESET_INSTEAD}`,
      }
    : { kind: 'bcrypt', encoded }
}

const RESET_INSTEAD = 'leave it out and have the password reset instead'

/** passlib and PHC: `$scrypt$ln=16,r=8,p=1$salt$hash`; Django: `scrypt$16384$salt as text$8$1$hash`. */
function readScrypt(text: string): Read {
  const phc = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,6}),p=(\d{1,6})\$([^$]+)\$([^$]+)$/.exec(text)
  if (phc !== null) {
    const [, ln, r, p, salt = '', digest = ''] = phc
    return scryptOf(2 ** Number(ln), Number(r), Number(p), decode(salt), decode(digest))
  }
  const django = /^scrypt\$(\d{1,9})\$([^$]+)\$(\d{1,6})\$(\d{1,6})\$([^$]+)$/.exec(text)
  if (django !== null) {
    const [, n, salt = '', r, p, digest = ''] = django
    return scryptOf(Number(n), Number(r), Number(p), Buffer.from(salt), decode(digest))
  }
  return undefined
}

function scryptOf(
  n: number,
  r: number,
  p: number,
  salt: Buffer | undefined,
  digest: Buffer | undefined,
): ImportedHash | ImportComplaint {
  if (n < 2 || !Number.isInteger(Math.log2(n)) || r < 1 || p < 1) {
    return {
      complaint:
        'is scrypt with parameters that scrypt does not have: n is a power of 2, r and p are 1 or more',
    }
  }
  if (128 * n * r > SCRYPT_MEMORY_MIB_MAX * 2 ** 20 || n * r * p > SCRYPT_WORK_MAX) {
    return {
      complaint: `is scrypt with too high a cost: up to ${SCRYPT_MEMORY_MIB_MAX} MiB (128 × n × r bytes) and n × r × p of ${SCRYPT_WORK_MAX} it can be imported; ${RESET_INSTEAD}`,
    }
  }
  const derived = derivedOf(salt, digest)
  return 'complaint' in derived ? derived : { kind: 'scrypt', n, r, p, ...derived }
}

/** passlib: `$pbkdf2-sha256$29000$salt$hash`; PHC: `i=29000,l=32`; Django: `pbkdf2_sha256$29000$salt as text$hash`. */
function readPbkdf2(text: string): Read {
  const passlib =
    /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$(?:i=)?(\d{1,9})(?:,l=\d{1,3})?\$([^$]+)\$([^$]+)$/.exec(text)
  if (passlib !== null) {
    const [, hash, iterations, salt = '', digest = ''] = passlib
    return pbkdf2Of(hash ?? 'sha1', Number(iterations), decode(salt), decode(digest))
  }
  const django = /^pbkdf2_(sha1|sha256|sha512)\$(\d{1,9})\$([^$]+)\$([^$]+)$/.exec(text)
  if (django !== null) {
    const [, hash = '', iterations, salt = '', digest = ''] = django
    return pbkdf2Of(hash, Number(iterations), Buffer.from(salt), decode(digest))
  }
  return undefined
}

function pbkdf2Of(
  name: string,
  iterations: number,
  salt: Buffer | undefined,
  digest: Buffer | undefined,
): ImportedHash | ImportComplaint {
  if (iterations < 1 || iterations > PBKDF2_ITERATIONS_MAX) {
    return {
      complaint: `is PBKDF2 with ${iterations} iterations: from 1 to ${PBKDF2_ITERATIONS_MAX} it can be imported; ${RESET_INSTEAD}`,
    }
  }
  const hash = pbkdf2Hashes.find((one) => one === name) ?? 'sha1'
  const derived = derivedOf(salt, digest)
  return 'complaint' in derived ? derived : { kind: 'pbkdf2', hash, iterations, ...derived }
}

function derivedOf(salt: Buffer | undefined, digest: Buffer | undefined): Derived | ImportComplaint {
  if (salt === undefined || digest === undefined) {
    return { complaint: 'has a salt or a hash that is not base64: copy it whole' }
  }
  if (salt.length > SALT_BYTES_MAX) {
    return { complaint: `has a salt of ${salt.length} bytes: up to ${SALT_BYTES_MAX} it can be imported` }
  }
  if (digest.length < DIGEST_BYTES_MIN || digest.length > DIGEST_BYTES_MAX) {
    return {
      complaint: `has a hash of ${digest.length} bytes: ${DIGEST_BYTES_MIN} to ${DIGEST_BYTES_MAX} can be imported; copy it whole`,
    }
  }
  return { salt, digest }
}

/** Base64 with or without padding, `.` for `+` as passlib writes it. Strict: Node's decoder skips what it does not know. */
function decode(text: string): Buffer | undefined {
  const plain = text.replaceAll('.', '+').replace(/={1,2}$/, '')
  const bytes = Buffer.from(plain, 'base64')
  return plain !== '' && encode(bytes) === plain ? bytes : undefined
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
