import type { SendMode } from '../tenants/tenant.ts'

/** What a user is told of without having asked for a message. */
export const noticeEvents = ['password-changed', 'contact-changed', 'account-locked'] as const
export type NoticeEvent = (typeof noticeEvents)[number]

/** A message that is still to be sent. */
export interface Notice {
  readonly tenantId: string
  readonly id: string
  readonly userId: string
  readonly event: NoticeEvent
  readonly channel: SendMode
  /** Opens under `noticeContext`. */
  readonly destinationSealed: string
  /** Words, never personal data. */
  readonly variables: {
    readonly contact?: SendMode | undefined
    readonly lockedUntil?: number | undefined
    /** The reset whose password took the place; undefined: it was changed otherwise. */
    readonly resetId?: string | undefined
  }
  /** When it happened. */
  readonly createdAt: number
  /** It is sent then or later; while it is being sent, the end of the sender's lease. */
  readonly dueAt: number
  /** It is not sent after this. */
  readonly deadlineAt: number
  /** How often it was claimed for sending; who settles it names the number it was claimed with. */
  readonly attempts: number
  /** Claims of which nobody said how they ended: the message may have left. */
  readonly unsettledAttempts: number
}

/** What the sealed address is and whose: moved to another notice it does not open. */
export function noticeContext({ tenantId, id }: Pick<Notice, 'tenantId' | 'id'>): string {
  return `notice:${tenantId}:${id}`
}
