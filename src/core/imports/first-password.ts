import type { SendMode } from '../tenants/tenant.ts'

/** `not_needed`: the user got a password otherwise, or was sent one before. */
export type FirstPasswordState = 'waiting' | 'delivered' | 'failed' | 'not_needed'

/** A user of an import whose first password waits to be delivered, or what became of it. */
export interface FirstPassword {
  readonly tenantId: string
  readonly userId: string
  readonly importId: string
  readonly sendMode: SendMode
  readonly state: FirstPasswordState
  /** A code and a stable word: why it failed, or why it still waits. */
  readonly reason: string | undefined
  /** Undefined: settled. */
  readonly dueAt: number | undefined
  readonly attempts: number
  readonly createdAt: number
  readonly settledAt: number | undefined
}

export interface FirstPasswordCount {
  readonly state: FirstPasswordState
  readonly reason: string | undefined
  readonly total: number
}
