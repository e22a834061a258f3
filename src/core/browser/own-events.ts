import type { AuditEntry, Repositories } from '../../store/store.ts'
import type { Reset } from '../reset/reset-state.ts'
import type { User } from '../users/user.ts'

/** Read of each; what is shown of both together is as much. */
const EVENTS_MAX = 30

/** What became of the user's account lately, newest first. */
export type OwnEvent =
  | { readonly kind: 'record'; readonly at: number; readonly entry: AuditEntry }
  | { readonly kind: 'reset'; readonly at: number; readonly reset: Reset }

/** From the record, and from the resets, which are on record under their own ids. */
export async function listOwnEvents(
  { audit, resets }: Pick<Repositories, 'audit' | 'resets'>,
  { tenantId, id: userId }: Pick<User, 'tenantId' | 'id'>,
): Promise<readonly OwnEvent[]> {
  const entries = await audit.listOfUser(tenantId, userId, EVENTS_MAX)
  const newest = await resets.list(tenantId, userId, EVENTS_MAX)
  const events: readonly OwnEvent[] = [
    ...entries.map((entry) => ({ kind: 'record', at: entry.at, entry }) as const),
    ...newest.map((reset) => ({ kind: 'reset', at: reset.preparedAt, reset }) as const),
  ]
  return events.toSorted((left, right) => right.at - left.at).slice(0, EVENTS_MAX)
}
