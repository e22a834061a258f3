import { sql } from 'kysely'
import type { AddressRefusalRepository } from './application-store.ts'
import type { StoreContext } from './context.ts'
import { type Places, prepareStatement } from './prepared-statement.ts'

export function createAddressRefusalRepository(context: StoreContext): AddressRefusalRepository {
  return {
    /** True for one of all who ask within `withinMs`, in whatever process; false also when there is no such application. */
    claim: async (tenantId, applicationId, withinMs) =>
      (await claimOnce.run(context, { tenantId, applicationId, withinMs })) === 1,
  }
}

interface Claim {
  readonly tenantId: string
  readonly applicationId: string
  readonly withinMs: number
}

const claimOnce = prepareStatement((db, value: Places<Claim>, dialect) =>
  db
    .insertInto('address_refusals')
    .columns(['tenant_id', 'application_id', 'refused_at'])
    .expression((builder) => {
      const application = builder
        .selectFrom('applications')
        .select(['tenant_id', 'id', dialect.now().as('now')])
        .where('tenant_id', '=', value('tenantId'))
        .where('id', '=', value('applicationId'))
      // the application stays until the row refers to it
      return dialect.hasRowLocks ? application.forKeyShare() : application
    })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'application_id'])
        .doUpdateSet({ refused_at: (builder) => builder.ref('excluded.refused_at') })
        .where(
          sql<boolean>`address_refusals.refused_at <= excluded.refused_at - cast(${value('withinMs')} as bigint)`,
        ),
    ),
)
