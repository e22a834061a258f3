import type { Secret } from '../secret.ts'

/** Whose hash waits: anybody who signs in, or a caller that has proved who it is. */
export type HashQueue = 'sign-in' | 'management'
/** `spare` never waits: it takes a place that nobody else wants, or is refused. */
export type HashLane = HashQueue | 'spare'

/** Slow hashing behind bounded queues: at most one hash per core at a time. */
export interface PasswordHasher {
  /** What new salts are hashed with, e.g. `argon2id$m=19456,t=2,p=1`. */
  readonly parameters: string
  /** 16 random bytes, base64. */
  newSalt(): string
  /**
   * Base64 digest of the password under this salt and these parameters. The lane is `management` unless said otherwise.
   * @throws ApiError REQUEST.9011 (503, Retry-After) when the lane's queue is full
   */
  hash(password: Secret, salt: string, parameters: string, lane?: HashLane): Promise<string>
  /**
   * Whether this is the password of a hash that was imported (`imported-hash.ts`); costs what its kind costs.
   * @throws ApiError REQUEST.9011 as `hash`
   */
  matchesImported(password: Secret, importedHash: string, lane?: HashLane): Promise<boolean>
}

/** Constant-time comparison of two base64 digests. */
export type DigestsEqual = (left: string, right: string) => boolean
