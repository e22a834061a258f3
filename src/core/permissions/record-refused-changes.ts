import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import type { Core } from '../core.ts'
import type { Caller } from './caller.ts'
import { OUTSIDE_ORGANIZATIONS } from './require-may-reset.ts'

type Changing = Pick<
  Core,
  | 'modifyUser'
  | 'deleteUser'
  | 'enableUser'
  | 'disableUser'
  | 'setPassword'
  | 'changePasswordWithOld'
  | 'resetPassword'
>

interface Refused {
  readonly tenantId: string
  readonly applicationId: string | undefined
  readonly userId: string
  readonly requestId: string
  readonly operation:
    | 'modify'
    | 'delete'
    | 'enable'
    | 'disable'
    | 'change-password'
    | 'change-password-verify'
    | 'reset-password'
}

/**
 * The same operations, with a row on record for each change of a protected person, each reset outside an application's
 * organisations, and each password set again, that was refused. The row has a transaction of its own: the refusal ended the operation's.
 */
export function recordRefusedChanges(store: Pick<Store, 'transaction'>, changing: Changing): Changing {
  const recorded =
    <A extends readonly unknown[], T>(
      operation: Refused['operation'],
      change: (caller: Caller, userId: string, ...more: A) => Promise<T>,
    ) =>
    (caller: Caller, userId: string, ...more: A): Promise<T> => {
      const [tenantId, applicationId, { requestId }] = [caller.tenant.id, caller.application.id, caller]
      const refused = { tenantId, applicationId, requestId, userId, operation }
      return recordRefusal(store, refused, change(caller, userId, ...more))
    }
  return {
    modifyUser: recorded('modify', changing.modifyUser),
    deleteUser: recorded('delete', changing.deleteUser),
    enableUser: recorded('enable', changing.enableUser),
    disableUser: recorded('disable', changing.disableUser),
    setPassword: recorded('change-password', changing.setPassword),
    changePasswordWithOld: recorded('change-password-verify', changing.changePasswordWithOld),
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
    const reason = reasonOf(error, refused.operation)
    if (reason !== undefined) {
      await store.transaction((repositories) =>
        repositories.audit.append({
          tenantId: refused.tenantId,
          action: 'user.change_refused',
          actor: { kind: 'application', id: refused.applicationId },
          targetKind: 'user',
          targetId: refused.userId,
          requestId: refused.requestId,
          detail: { operation: refused.operation, reason },
        }),
      )
    }
    throw error
  }
}

function reasonOf(error: unknown, operation: Refused['operation']): string | undefined {
  if (!(error instanceof ApiError)) {
    return undefined
  }
  // told without the old password: whoever guesses learns here that a guess is right
  if (error.code === 'PWD.9003' && operation === 'change-password') {
    return 'password_used_before'
  }
  return error.code === 'USER.9006' || error.detail === OUTSIDE_ORGANIZATIONS ? error.detail : undefined
}
