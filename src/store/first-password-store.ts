import type { FirstPassword, FirstPasswordCount } from '../core/imports/first-password.ts'

export interface FirstPasswordRepository {
  /** Waits at once. Who waits already, or was sent one, is left alone; one that failed waits anew, for this import. */
  queue(waiting: readonly FirstPassword[]): Promise<void>
  /** Takes the one of the import that has been due longest until `leaseUntil`, and counts the attempt. */
  claim(
    tenantId: string,
    importId: string,
    now: number,
    leaseUntil: number,
  ): Promise<FirstPassword | undefined>
  /** When the next one of the import is due; undefined: none waits. */
  findNextDue(tenantId: string, importId: string): Promise<number | undefined>
  /** Not delivered yet. False: it was claimed anew, or is gone. */
  putOff(claimed: FirstPassword, dueAt: number, reason: string): Promise<boolean>
  /** Done with. False: it was claimed anew, or is gone. */
  settle(
    claimed: FirstPassword,
    end: Pick<FirstPassword, 'state' | 'reason'> & { readonly at: number },
  ): Promise<boolean>
  count(tenantId: string, importId: string): Promise<readonly FirstPasswordCount[]>
}
