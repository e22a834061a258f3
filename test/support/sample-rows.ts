import { randomUUID } from 'node:crypto'
import { newId } from '../../src/core/new-id.ts'
import { systemRandomBytes } from '../../src/core/randomness.ts'
import type { Reset } from '../../src/core/reset/reset-state.ts'
import type { User } from '../../src/core/users/user.ts'
import type { Session, StateToken } from '../../src/store/store.ts'

/** A reset of this user, in flight unless said otherwise. */
export function aReset(user: Pick<User, 'tenantId' | 'id'>, change: Partial<Reset> = {}): Reset {
  return {
    tenantId: user.tenantId,
    id: newId(Date.now(), systemRandomBytes),
    userId: user.id,
    sequence: 1,
    applicationId: 'app-1',
    sendMode: 'EMAIL',
    oldPasswordMode: 'keep-until-accepted',
    state: 'prepared',
    digest: 'ZGlnZXN0',
    destinationMac: 'mac',
    destinationMasked: 'a***@acme.example',
    leaseToken: 'lease-1',
    leaseExpiresAt: 1_800_000_000_000,
    detail: undefined,
    gateway: undefined,
    preparedAt: 1_700_000_000_000,
    settledAt: undefined,
    acceptedAt: undefined,
    promotedAt: undefined,
    usedAt: undefined,
    deadlineAt: 1_900_000_000_000,
    disownedAt: undefined,
    ...change,
  }
}

/** A session of this user. */
export function aSession(user: Pick<User, 'tenantId' | 'id'>, change: Partial<Session> = {}): Session {
  return {
    tenantId: user.tenantId,
    id: randomUUID(),
    tokenDigest: randomUUID(),
    userId: user.id,
    applicationId: 'app-1',
    credentialVersion: 1,
    createdAt: 1_700_000_000_000,
    expiresAt: 1_900_000_000_000,
    device: undefined,
    idleSeconds: undefined,
    lastSeenAt: undefined,
    ...change,
  }
}

/** Proof of a sign-in of this user with a reset's password. */
export function aStateToken(
  user: Pick<User, 'tenantId' | 'id'>,
  change: Partial<StateToken> = {},
): StateToken {
  const { id: _, device, idleSeconds, lastSeenAt, ...token } = aSession(user)
  return { ...token, resetId: 'reset-1', purpose: 'must_change', ...change }
}
