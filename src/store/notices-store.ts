import type { Notice } from '../core/notices/notice.ts'

export interface NoticeRepository {
  insert(notice: Notice): Promise<void>
  /**
   * Takes the notice that has been due longest until `leaseUntil`, and counts the attempt. Whoever claims at the same
   * time gets another one. Undefined: none is due.
   */
  claimOfAllTenants(now: number, leaseUntil: number): Promise<Notice | undefined>
  /** Not taken, and nothing has left: due again at `dueAt`. False: it was claimed anew or is gone. */
  putOff(claimed: Notice, dueAt: number): Promise<boolean>
  /** Removes what was claimed. False: it was claimed anew or is gone. */
  finish(claimed: Notice): Promise<boolean>
  deleteOfUser(tenantId: string, userId: string): Promise<void>
}
