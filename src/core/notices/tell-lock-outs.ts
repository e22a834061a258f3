import type { Store, UntoldLock } from '../../store/store.ts'
import { HOUR_MS } from '../clock.ts'
import { userOfSubject } from '../signin/count-failures.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { type NoticeTools, tellAccountLocked } from './write-notice.ts'

/** A run comes to its end; what is left is taken by the next. */
const LOCKS_PER_RUN_MAX = 1_000
/** Whoever keeps an account locked fills no mailbox and spends no money on SMS. */
const TELL_AGAIN_AFTER_MS = HOUR_MS

export interface LockOutDeps extends NoticeTools {
  readonly store: Pick<Store, 'read' | 'transaction'>
}

/**
 * Writes a notice for each user whom wrong passwords locked out, once for a lock and at most once an hour. It reads the
 * count that each sign-in keeps anyway, so that signing in does nothing for it: somebody's name and nobody's cost the
 * same. Safe on any number of nodes at once. How many locks were looked at.
 */
export async function tellLockOuts(
  deps: LockOutDeps,
  isStopping: () => boolean = () => false,
): Promise<number> {
  const { read } = deps.store
  const tenants = new Map<string, Tenant | undefined>()
  let looked = 0
  for (const lock of await read.signInFailures.listUntoldOfAllTenants(LOCKS_PER_RUN_MAX)) {
    if (isStopping()) {
      break
    }
    if (!tenants.has(lock.tenantId)) {
      tenants.set(lock.tenantId, await read.tenants.find(lock.tenantId))
    }
    await lookAt(deps, lock, tenants.get(lock.tenantId))
    looked += 1
  }
  return looked
}

/** Nobody's name is marked alike, and nobody is told. */
async function lookAt(deps: LockOutDeps, lock: UntoldLock, tenant: Tenant | undefined): Promise<void> {
  const userId = userOfSubject(lock.subject)
  await deps.store.transaction(async (repositories) => {
    const user = userId === undefined ? undefined : await repositories.users.lock(lock.tenantId, userId)
    const now = await repositories.now()
    const isDue = lock.toldAt === undefined || lock.toldAt <= now - TELL_AGAIN_AFTER_MS
    const isMarked = await repositories.signInFailures.markTold(lock, isDue ? now : lock.toldAt)
    if (isMarked && isDue && user !== undefined && !user.disabled && tenant !== undefined) {
      const { notices: settings } = tenant.settings
      await tellAccountLocked(repositories, user, lock, { ...deps, settings, now })
    }
  })
}
