import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import type { Core } from '../core.ts'
import type { Caller } from './caller.ts'

type Changing = Pick<Core, 'enableUser' | 'disableUser' | 'resetPassword'>

interface Refused {
  readonly tenantId: string
  readonly applicationId: string | undefined
  readonly userId: string
  readonly requestId: string
  readonly operation: 'enable' | 'disable' | 'reset-password'
}

/**
 * The same operations, with a row on record for each change of a protected person that was refused. The row has a
 * transaction of its own: the refusal ended the operation's.
 */
export function recordRefusedChanges(store: Pick<Store, 'transaction'>, changing: Changing): Changing {
  const ofCaller = (caller: Caller, userId: string) => ({
    tenantId: caller.tenant.id,
    applicationId: caller.application.id,
    requestId: caller.requestId,
    userId,
  })
  return {
    enableUser: (caller, userId) =>
      recordRefusal(
        store,
        { ...ofCaller(caller, userId), operation: 'enable' },
        changing.enableUser(caller, userId),
      ),
    disableUser: (caller, userId) =>
      recordRefusal(
        store,
        { ...ofCaller(caller, userId), operation: 'disable' },
        changing.disableUser(caller, userId),
      ),
    resetPassword: (call) =>
      recordRefusal(
        store,
        { ...call, tenantId: call.tenant.id, operation: 'reset-password' },
        changing.resetPassword(call),
      ),
  }
}

async function recordRefusal<T>(
  store: Pick<Store, 'transaction'>,
  refused: Refused,
  changing: Promise<T>,
): Promise<T> {
  try {
    return await changing
  } catch (error) {
    if (error instanceof ApiError && error.code === 'USER.9006') {
      await store.transaction((repositories) =>
        repositories.audit.append({
          tenantId: refused.tenantId,
          action: 'user.change_refused',
          actor: { kind: 'application', id: refused.applicationId },
          targetKind: 'user',
          targetId: refused.userId,
          requestId: refused.requestId,
          detail: { operation: refused.operation, reason: 'protected_user' },
        }),
      )
    }
    throw error
  }
}
