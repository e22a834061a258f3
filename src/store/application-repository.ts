import type { Application, ObjectModels } from '../core/applications/application.ts'
import type { PermissionCode } from '../core/permissions/permission-codes.ts'
import { accountKinds } from './account-rows.ts'
import type { StoreContext } from './context.ts'
import { type Places, prepareStatement } from './prepared-statement.ts'
import { flag, known, orNull } from './row-values.ts'
import type { ApplicationRepository } from './store.ts'
import type { ApplicationTable } from './tables.ts'

export const applicationColumns = [
  'applications.tenant_id',
  'applications.id',
  'applications.client_id',
  'applications.name',
  'applications.secret_digest',
  'applications.permissions_json',
  'applications.disabled',
  'applications.token_lifetime_seconds',
  'applications.version',
  'applications.may_change_administrators',
  'applications.resets_stopped_at',
  'applications.object_models_json',
  'applications.reset_organizations_json',
] as const

export type ApplicationRow = Omit<ApplicationTable, 'created_at' | 'updated_at'>

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
  return db.selectFrom('applications').select(applicationColumns).where('tenant_id', '=', tenantId)
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

function toRow(application: Application): ApplicationRow {
  return {
    tenant_id: application.tenantId,
    id: application.id,
    client_id: application.clientId,
    name: application.name,
    secret_digest: application.secretDigest,
    permissions_json: JSON.stringify(application.permissions),
    disabled: flag(application.disabled),
    token_lifetime_seconds: application.tokenLifetimeSeconds,
    version: application.version,
    may_change_administrators: flag(application.mayChangeAdministrators),
    resets_stopped_at: orNull(application.resetsStoppedAt),
    object_models_json: JSON.stringify(application.objectModels),
    reset_organizations_json:
      application.resetOrganizationIds === undefined
        ? null
        : JSON.stringify(application.resetOrganizationIds),
  }
}

export function toApplication(row: ApplicationRow): Application {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    clientId: row.client_id,
    name: row.name,
    secretDigest: row.secret_digest,
    permissions: JSON.parse(row.permissions_json) as readonly PermissionCode[],
    disabled: row.disabled === 1,
    tokenLifetimeSeconds: row.token_lifetime_seconds,
    version: row.version,
    mayChangeAdministrators: row.may_change_administrators === 1,
    resetsStoppedAt: known(row.resets_stopped_at),
    objectModels: JSON.parse(row.object_models_json) as ObjectModels,
    resetOrganizationIds:
      row.reset_organizations_json === null
        ? undefined
        : (JSON.parse(row.reset_organizations_json) as readonly string[]),
  }
}
