/** What the bench's processes say to each other. */

/** Stands in a request for the nine hexadecimal digits that name a user. */
export const USER_PLACE = '#########'

export interface LoadJob {
  readonly url: string
  /** Bytes of the request; `USER_PLACE` in it becomes a random user. */
  readonly request: string
  /** As many calls are under way at any time. */
  readonly connections: number
  readonly seconds: number
  /** Users are drawn from 1 to this number. */
  readonly users: number
}

export interface LoadResult {
  readonly calls: number
  /** Answers other than 200, and one of them. */
  readonly failures: number
  readonly failure: string | undefined
  readonly seconds: number
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number }
  /** Users whose call was answered 200, oldest first; each once. */
  readonly usersDone: readonly string[]
}

export interface HashJob {
  readonly parameters: string
  readonly atATime: number
  readonly seconds: number
}

export interface HashResult {
  readonly hashes: number
  readonly seconds: number
}

/** How a user is written everywhere in the bench. */
export function userKey(number: number): string {
  return number.toString(16).toUpperCase().padStart(USER_PLACE.length, '0')
}
