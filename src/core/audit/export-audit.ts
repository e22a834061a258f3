import type { SealedAuditRow } from '../../store/audit-chain-store.ts'
import type { Store } from '../../store/store.ts'

const ROWS_PER_READ_MAX = 1_000

/**
 * A tenant's sealed rows in the order of the chain, a read at a time, so that memory stays small however many there are.
 * Times are compared here: the order of the chain is not quite that of time, and each read stays a short search.
 */
export async function* exportAudit(
  store: Pick<Store, 'read'>,
  tenantId: string,
  span: { readonly after: number; readonly from?: number; readonly until?: number },
): AsyncGenerator<readonly SealedAuditRow[]> {
  const { after, from = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = span
  let cursor = after
  for (;;) {
    const rows = await store.read.auditChain.listSealed(tenantId, cursor, ROWS_PER_READ_MAX)
    const wanted = rows.filter(({ at }) => at >= from && at < until)
    if (wanted.length > 0) {
      yield wanted
    }
    cursor = rows.at(-1)?.sequence ?? cursor
    if (rows.length < ROWS_PER_READ_MAX) {
      return
    }
  }
}
