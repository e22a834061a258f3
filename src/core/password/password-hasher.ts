import type { Secret } from '../secret.ts'

/** Slow hashing behind a bounded queue: at most one hash per core at a time. */
export interface PasswordHasher {
  /** What new salts are hashed with, e.g. `argon2id$m=19456,t=2,p=1`. */
  readonly parameters: string
  /** 16 random bytes, base64. */
  newSalt(): string
  /**
   * Base64 digest of the password under this salt and these parameters.
   * @throws ApiError REQUEST.9011 (503, Retry-After) when the queue is full
   */
  hash(password: Secret, salt: string, parameters: string): Promise<string>
}

/** Constant-time comparison of two base64 digests. */
export type DigestsEqual = (left: string, right: string) => boolean
