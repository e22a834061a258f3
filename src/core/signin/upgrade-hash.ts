import type { Store } from '../../store/store.ts'
import { isImportedHash, kindOfImportedHash } from '../password/imported-hash.ts'
import type { PasswordHasher } from '../password/password-hasher.ts'
import { isInFlight, isRedeemable } from '../reset/reset-state.ts'
import type { Secret } from '../secret.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { UserWithCredential } from '../users/user.ts'
import { type HashedPassword, isCurrentPassword } from './match-password.ts'

/** Brings passwords that were just proved right to today's kind and cost of hash, beside the answers. */
export interface HashUpgrades {
  /**
   * Upgrades the hash of this user's own password if it is not as the settings want it; returns at once.
   * @param hashed what the password that signed in was compared by
   */
  offer(
    call: { readonly tenant: Tenant; readonly requestId: string; readonly password: Secret },
    user: { readonly id: string },
    hashed: HashedPassword,
  ): void
  /** Resolves when nothing is under way. */
  settle(): Promise<void>
}

export interface HashUpgradesDeps {
  readonly store: Pick<Store, 'read' | 'transaction'>
  readonly hasher: PasswordHasher
  /** Told why an upgrade was left out; the next sign-in tries again. */
  readonly onSkipped: (skipped: { readonly userId: string; readonly cause: unknown }) => void
}

/**
 * One hash more for each password that is not up to date, in places that nobody else wants (lane `spare`), outside any
 * transaction; then compare-and-set under the user's lock. What may sign in stays the same password: the credential
 * version does not grow, sessions and open sign-ins go on.
 */
export function createHashUpgrades(deps: HashUpgradesDeps): HashUpgrades {
  const running = new Map<string, Promise<void>>()

  return {
    offer(call, { id: userId }, hashed) {
      const key = `${call.tenant.id}/${userId}`
      if (isUpToDate(deps.hasher, hashed) || running.has(key)) {
        return
      }
      const upgrade = upgradeHash(deps, { ...call, userId, hashed })
        .catch((cause: unknown) => deps.onSkipped({ userId, cause }))
        .finally(() => running.delete(key))
      running.set(key, upgrade)
    },
    async settle() {
      await Promise.all(running.values())
    },
  }
}

function isUpToDate(hasher: PasswordHasher, hashed: HashedPassword): boolean {
  return hashed.imported?.isEqual !== true && hashed.parameters === hasher.parameters
}

interface Upgrade {
  readonly tenant: Tenant
  readonly requestId: string
  readonly userId: string
  readonly password: Secret
  readonly hashed: HashedPassword
}

async function upgradeHash(deps: HashUpgradesDeps, upgrade: Upgrade): Promise<void> {
  const { tenant, userId, password, hashed } = upgrade
  const { hasher, store } = deps
  if (await hasPendingReset(store.read, tenant.id, userId)) {
    return
  }
  const [salt, parameters] = [hasher.newSalt(), hasher.parameters]
  const digest = await hasher.hash(password, salt, parameters, 'spare')
  await store.transaction(async (repositories) => {
    const user = await repositories.users.lock(tenant.id, userId)
    const isSame = user !== undefined && isOwnPassword(hashed, user)
    if (!isSame || (await hasPendingReset(repositories, tenant.id, userId))) {
      return
    }
    await repositories.users.rehashCredential(tenant.id, userId, { digest, salt, parameters })
    // the salt changed: nothing typed could be compared with them any more (reset protocol, rule 14)
    await repositories.resets.forgetOldSecrets(tenant.id, userId, 0)
    await repositories.audit.append({
      tenantId: tenant.id,
      action: 'password.rehashed',
      actor: { kind: 'server', id: undefined },
      targetKind: 'user',
      targetId: userId,
      requestId: upgrade.requestId,
      detail: { from: kindOfHash(user), to: parameters },
    })
  })
}

/** The credential still is what was compared with, and chosen or imported, not delivered. */
function isOwnPassword(hashed: HashedPassword, user: UserWithCredential): boolean {
  return isCurrentPassword(hashed, user) && user.credential.resetId === undefined
}

function kindOfHash({ credential }: UserWithCredential): string {
  const { digest = '', parameters } = credential
  return isImportedHash(digest) ? (kindOfImportedHash(digest) ?? 'imported') : parameters
}

/**
 * A reset's hash is made with the user's salt: while one can be signed in with, or is on its way there, the salt stays
 * (reset protocol, rule 6).
 */
async function hasPendingReset(
  repositories: Pick<Store['read'], 'resets'>,
  tenantId: string,
  userId: string,
): Promise<boolean> {
  const open = await repositories.resets.listOpen(tenantId, userId)
  return open.some((reset) => isInFlight(reset) || isRedeemable(reset))
}
