export interface Session {
  readonly tenantId: string
  /** Also the `jti` of its id_token. */
  readonly id: string
  /** SHA-256 of the session token, hex. */
  readonly tokenDigest: string
  readonly userId: string
  readonly applicationId: string
  readonly credentialVersion: number
  readonly createdAt: number
  readonly expiresAt: number
}

/**
 * Whether the password must be changed, or only may be: then the token is good for a session as well. Or a code must be
 * brought first.
 */
export type StateTokenPurpose = 'must_change' | 'may_change' | 'second_factor'

/** Proof of a sign-in that may do what its purpose says, and nothing else. */
export interface StateToken {
  readonly tenantId: string
  /** SHA-256, hex. */
  readonly tokenDigest: string
  readonly userId: string
  readonly applicationId: string
  /** The reset whose password was used; undefined: the password had expired otherwise. */
  readonly resetId: string | undefined
  readonly purpose: StateTokenPurpose
  readonly credentialVersion: number
  readonly createdAt: number
  readonly expiresAt: number
}

export interface SessionRepository {
  insert(session: Session): Promise<void>
  find(tenantId: string, sessionId: string): Promise<Session | undefined>
  findByToken(tenantId: string, tokenDigest: string): Promise<Session | undefined>
  /** The session goes on under another token. False: its token is another one already. */
  replaceToken(
    session: Session,
    renewed: { readonly tokenDigest: string; readonly expiresAt: number },
  ): Promise<boolean>
  insertStateToken(token: StateToken): Promise<void>
  findStateToken(tenantId: string, tokenDigest: string): Promise<StateToken | undefined>
  /** The token is good for nothing any more. */
  deleteStateToken(tenantId: string, tokenDigest: string): Promise<void>
  /** Whether a state token of this reset lives beyond `now`. */
  hasLiveStateToken(tenantId: string, userId: string, resetId: string, now: number): Promise<boolean>
  /** Removes the session; false: it is gone already. */
  delete(tenantId: string, sessionId: string): Promise<boolean>
  /** Ends every session and state token of the user; how many of each. */
  endAll(
    tenantId: string,
    userId: string,
  ): Promise<{ readonly sessions: number; readonly stateTokens: number }>
  deleteExpiredOfAllTenants(now: number, limit: number): Promise<number>
}
