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
  /** On what it was opened, for its user to recognise: `Chrome, Android`. Undefined: nobody said. */
  readonly device: string | undefined
  /** It ends when nobody uses it for so long; undefined: it does not. */
  readonly idleSeconds: number | undefined
  /** When it was last used, a minute too early at most; undefined: it does not go idle, and nobody keeps count. */
  readonly lastSeenAt: number | undefined
}

/** A session as its user sees it. */
export interface SessionEntry extends Session {
  /** Undefined: of no application, or of one that is gone. */
  readonly applicationName: string | undefined
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
  /** Of the user, newest first, at most `limit`; those that have ended otherwise than by their removal included. */
  listOfUser(tenantId: string, userId: string, limit: number): Promise<readonly SessionEntry[]>
  /** True afterwards: it was last used at `now`, or is gone. */
  touch(tenantId: string, sessionId: string, now: number): Promise<void>
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
