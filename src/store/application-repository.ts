import type { Application } from '../core/applications/application.ts'
import { accountKinds } from './account-rows.ts'
import { applicationColumns, bundlesOfApplication, toApplication, toRow } from './application-rows.ts'
import type { StoreContext } from './context.ts'
import { type Places, prepareStatement } from './prepared-statement.ts'
import { orNull } from './row-values.ts'
import type { ApplicationRepository } from './store.ts'

export function createApplicationRepository(context: StoreContext): ApplicationRepository {
  const { db } = context

  return {
    ...createLocks(context),

    async list(tenantId) {
      return (await applications(db, tenantId).orderBy('id').execute()).map(toApplication)
    },

    async findByClientId(tenantId, clientId) {
      const row = await byClientId.first(context, { tenantId, clientId })
      return row && toApplication(row)
    },

    async find(tenantId, applicationId) {
      const row = await byId.first(context, { tenantId, applicationId })
      return row && toApplication(row)
    },

    /** The application is there. @throws DuplicateError `applications_client_id` */
    async insert(application, now) {
      await db
        .insertInto('applications')
        .values({ ...toRow(application), created_at: now, updated_at: now })
        .execute()
      await insertBundles(db, application)
    },

    /** Everything but the id and the stop of its resets is as given. @throws DuplicateError `applications_client_id` */
    async update(application, now) {
      const { tenant_id, id, resets_stopped_at: _kept, ...changes } = toRow(application)
      await db
        .updateTable('applications')
        .set({ ...changes, updated_at: now })
        .where('tenant_id', '=', tenant_id)
        .where('id', '=', id)
        .execute()
      await db
        .deleteFrom('application_bundles')
        .where('tenant_id', '=', tenant_id)
        .where('application_id', '=', id)
        .execute()
      await insertBundles(db, application)
    },

    async stopResets(tenantId, applicationId, at) {
      await db
        .updateTable('applications')
        .set({ resets_stopped_at: orNull(at) })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', applicationId)
        .execute()
    },

    /** The application is gone, with its access tokens, accounts, roles and organisations. */
    async delete(tenantId, applicationId) {
      // whoever puts an account into it has been waited for, and the next one finds no application
      await applications(db, tenantId)
        .where('id', '=', applicationId)
        .$if(context.dialect.hasRowLocks, (query) => query.forUpdate())
        .executeTakeFirst()
      await deleteWhatIsOfIt(db, tenantId, applicationId)
      await db
        .deleteFrom('applications')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', applicationId)
        .execute()
    },
  }
}

function applications(db: StoreContext['db'], tenantId: string) {
  return db
    .selectFrom('applications')
    .select(applicationColumns)
    .select(bundlesOfApplication)
    .where('tenant_id', '=', tenantId)
}

async function insertBundles(
  db: StoreContext['db'],
  { tenantId, id, grants }: Pick<Application, 'tenantId' | 'id' | 'grants'>,
): Promise<void> {
  const links = grants.bundles.map((code) => ({
    tenant_id: tenantId,
    application_id: id,
    bundle_code: code,
  }))
  if (links.length > 0) {
    await db.insertInto('application_bundles').values(links).execute()
  }
}

const byClientId = prepareStatement(
  (db, value: Places<{ readonly tenantId: string; readonly clientId: string }>) =>
    applications(db, value('tenantId')).where('client_id', '=', value('clientId')),
)
const byId = prepareStatement(
  (db, value: Places<{ readonly tenantId: string; readonly applicationId: string }>) =>
    applications(db, value('tenantId')).where('id', '=', value('applicationId')),
)

function createLocks({ db, dialect }: StoreContext): Pick<ApplicationRepository, 'keep' | 'lock'> {
  return {
    async keep(tenantId, applicationId) {
      const row = await applications(db, tenantId)
        .where('id', '=', applicationId)
        // the weakest lock that a removal waits for
        .$if(dialect.hasRowLocks, (query) => query.forKeyShare())
        .executeTakeFirst()
      return row && toApplication(row)
    },

    async lock(tenantId, applicationId) {
      const row = await applications(db, tenantId)
        .where('id', '=', applicationId)
        .$if(dialect.hasRowLocks, (query) => query.forNoKeyUpdate())
        .executeTakeFirst()
      return row && toApplication(row)
    },
  }
}

/** In an order in which nothing refers to what is gone already, whatever the order of the cascades. */
async function deleteWhatIsOfIt(
  db: StoreContext['db'],
  tenantId: string,
  applicationId: string,
): Promise<void> {
  for (const table of ['accounts', 'application_roles', 'application_organizations'] as const) {
    await db
      .deleteFrom(table)
      .where('tenant_id', '=', tenantId)
      .where('application_id', '=', applicationId)
      .execute()
  }
  await db
    .deleteFrom('counts')
    .where('tenant_id', '=', tenantId)
    .where('kind', 'in', accountKinds(applicationId))
    .execute()
}
