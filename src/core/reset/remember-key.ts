import { ApiError } from '../../errors/api-error.ts'
import type { Repositories } from '../../store/store.ts'
import { DAY_MS } from '../clock.ts'
import type { ResetDeps } from './reset-deps.ts'
import type { KeyOfCall, ResetRun } from './reset-run.ts'
import type { Reset } from './reset-state.ts'
import type { ResetIdentity } from './share-reset.ts'

export const KEEP_KEYS_MS = DAY_MS

export interface Remembered {
  /** What an earlier call with this key came to. */
  readonly reset: Reset | undefined
  /** The key names a reset that no longer counts: it may be replaced. */
  readonly releasedResetId: string | undefined
}

/** Undefined: the call has no key, or no application that could have chosen one. */
export function keyOfCall(
  deps: Pick<ResetDeps, 'mac'>,
  identity: ResetIdentity,
  key: string | undefined,
): KeyOfCall | undefined {
  const { tenantId, applicationId, userId, sendMode, oldPasswordMode } = identity
  if (key === undefined || applicationId === undefined) {
    return undefined
  }
  const mac = (purpose: string, ...parts: readonly string[]) =>
    deps.mac(purpose, JSON.stringify([tenantId, applicationId, ...parts]))
  return {
    applicationId,
    mac: mac('idempotency-key', key),
    fingerprint: mac('idempotency-fingerprint', userId, sendMode, oldPasswordMode),
  }
}

/**
 * What is known of the call's key (reset protocol, rule 10). A reset that failed has released it, and after 24 h it is
 * forgotten.
 * @throws ApiError MSG.9003 the key belongs to a call for another user or mode
 */
export async function findRemembered(
  repositories: Pick<Repositories, 'idempotencyKeys' | 'resets'>,
  run: ResetRun,
  now: number,
): Promise<Remembered> {
  const { key } = run
  const { tenantId } = run.identity
  const found = key && (await repositories.idempotencyKeys.find(tenantId, key.applicationId, key.mac))
  if (key === undefined || found === undefined) {
    return { reset: undefined, releasedResetId: undefined }
  }
  const reset = await repositories.resets.find(tenantId, found.resetId)
  if (reset === undefined || reset.state === 'failed' || found.createdAt <= now - KEEP_KEYS_MS) {
    return { reset: undefined, releasedResetId: found.resetId }
  }
  if (found.fingerprint !== key.fingerprint) {
    throw new ApiError('MSG.9003', { detail: 'idempotency_key_reused' })
  }
  return { reset, releasedResetId: undefined }
}

/** True afterwards: a repeat of this call finds this reset. False: a call for another user took the key meanwhile. */
export async function rememberKey(
  repositories: Pick<Repositories, 'idempotencyKeys'>,
  run: ResetRun,
  p: { readonly resetId: string; readonly remembered: Remembered; readonly now: number },
): Promise<boolean> {
  const { key } = run
  if (key === undefined) {
    return true
  }
  return await repositories.idempotencyKeys.put(
    {
      tenantId: run.identity.tenantId,
      applicationId: key.applicationId,
      keyMac: key.mac,
      fingerprint: key.fingerprint,
      resetId: p.resetId,
      createdAt: p.now,
    },
    p.remembered.releasedResetId,
  )
}
