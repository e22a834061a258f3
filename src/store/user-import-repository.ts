import { sql } from 'kysely'
import type { RowFault, UserImport } from '../core/imports/user-import.ts'
import type { SendMode } from '../core/tenants/tenant.ts'
import type { ErrorCode } from '../errors/catalogue.ts'
import type { StoreContext } from './context.ts'
import { deleteOldest } from './delete-oldest.ts'
import type { UserImportErrorTable, UserImportTable } from './import-tables.ts'
import { insertRows } from './insert-rows.ts'
import { flag, known, orNull } from './row-values.ts'
import type { UserImportRepository } from './user-import-store.ts'

export function createUserImportRepository(context: StoreContext): UserImportRepository {
  return { ...createReadingMethods(context), ...createWritingMethods(context) }
}

type Reading = 'find' | 'findByFingerprint' | 'list' | 'listFaults'
type Writing = Exclude<keyof UserImportRepository, Reading>

function createReadingMethods({ db }: StoreContext): Pick<UserImportRepository, Reading> {
  const imports = (tenantId: string) =>
    db.selectFrom('user_imports').selectAll().where('tenant_id', '=', tenantId)

  return {
    async find(tenantId, importId) {
      const row = await imports(tenantId).where('id', '=', importId).executeTakeFirst()
      return row && toImport(row)
    },

    async findByFingerprint(tenantId, fingerprint) {
      const row = await imports(tenantId)
        .where('fingerprint', '=', fingerprint)
        .where('fingerprint', 'is not', null) // word for word the condition of the index
        .executeTakeFirst()
      return row && toImport(row)
    },

    async list(tenantId, limit) {
      return (await imports(tenantId).orderBy('id', 'desc').limit(limit).execute()).map(toImport)
    },

    async listFaults(tenantId, importId, { afterRow, lastRow, limit }) {
      const rows = await db
        .selectFrom('user_import_errors')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('import_id', '=', importId)
        .where('row_number', '>', afterRow)
        .where('row_number', '<=', lastRow)
        .orderBy('row_number')
        .limit(limit)
        .execute()
      return rows.map(toFault)
    },
  }
}

function createWritingMethods(context: StoreContext): Pick<UserImportRepository, Writing> {
  const { db, dialect } = context
  const update = (tenantId: string, importId: string) =>
    db.updateTable('user_imports').where('tenant_id', '=', tenantId).where('id', '=', importId)

  return {
    /** The import is there. @throws DuplicateError `user_imports_fingerprint` */
    async insert(userImport) {
      await db.insertInto('user_imports').values(toRow(userImport)).execute()
    },

    async lock(tenantId, importId) {
      const row = await db
        .selectFrom('user_imports')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('id', '=', importId)
        .$if(dialect.hasRowLocks, (query) => query.forUpdate())
        .executeTakeFirst()
      return row && toImport(row)
    },

    async advance({ tenantId, id }, { position, counts, at, finishedAt, nextDeliveryAt }) {
      await update(tenantId, id)
        .set(({ eb }) => ({
          position,
          created: eb('created', '+', counts.created),
          updated: eb('updated', '+', counts.updated),
          unchanged: eb('unchanged', '+', counts.unchanged),
          failed: eb('failed', '+', counts.failed),
          updated_at: at,
          finished_at: orNull(finishedAt),
          ...(nextDeliveryAt === undefined ? {} : { next_delivery_at: nextDeliveryAt }),
        }))
        .execute()
    },

    async insertFaults({ tenantId, id }, faults) {
      const key = { tenant_id: tenantId, import_id: id }
      await insertRows(
        context,
        'user_import_errors',
        faults.map((fault) => ({ ...key, ...toFaultRow(fault) })),
      )
    },

    async lockDueOfAllTenants(now) {
      const unlocked = dialect.hasRowLocks ? sql`for update skip locked` : sql``
      const { rows } = await sql<UserImportTable>`
        select * from user_imports where next_delivery_at <= ${now}
        order by next_delivery_at limit 1 ${unlocked}`.execute(db)
      return rows[0] && toImport(rows[0])
    },

    async setNextDelivery(tenantId, importId, at) {
      await update(tenantId, importId)
        .set({ next_delivery_at: orNull(at) })
        .execute()
    },

    /** The imports are gone, with refused rows and first passwords that nobody asks for any more. */
    async deleteOldOfAllTenants(before, limit) {
      return await deleteOldest(context, {
        table: 'user_imports',
        key: ['tenant_id', 'id'],
        column: 'updated_at',
        before,
        limit,
      })
    },
  }
}

function toRow(userImport: UserImport): UserImportTable {
  return {
    tenant_id: userImport.tenantId,
    id: userImport.id,
    fingerprint: orNull(userImport.fingerprint),
    application_id: orNull(userImport.applicationId),
    is_update: flag(userImport.isUpdate),
    send_mode: orNull(userImport.sendMode),
    per_minute: userImport.perMinute,
    rows_total: orNull(userImport.rowsTotal),
    position: userImport.position,
    ...userImport.counts,
    created_at: userImport.createdAt,
    updated_at: userImport.updatedAt,
    finished_at: orNull(userImport.finishedAt),
    next_delivery_at: orNull(userImport.nextDeliveryAt),
  }
}

function toImport(row: UserImportTable): UserImport {
  const { created, updated, unchanged, failed } = row
  return {
    tenantId: row.tenant_id,
    id: row.id,
    fingerprint: known(row.fingerprint),
    applicationId: known(row.application_id),
    isUpdate: row.is_update === 1,
    sendMode: known(row.send_mode) as SendMode | undefined,
    perMinute: row.per_minute,
    rowsTotal: known(row.rows_total),
    position: row.position,
    counts: { created, updated, unchanged, failed },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    finishedAt: known(row.finished_at),
    nextDeliveryAt: known(row.next_delivery_at),
  }
}

function toFaultRow(fault: RowFault): Omit<UserImportErrorTable, 'tenant_id' | 'import_id'> {
  return {
    row_number: fault.row,
    line_number: orNull(fault.line),
    field: fault.field,
    code: fault.code,
    params_json: JSON.stringify(fault.params),
  }
}

function toFault(row: UserImportErrorTable): RowFault {
  return {
    row: row.row_number,
    line: known(row.line_number),
    field: row.field,
    code: row.code as ErrorCode,
    params: JSON.parse(row.params_json) as RowFault['params'],
  }
}
