import type { Repositories, Store } from '../../store/store.ts'
import { EXTENSION_PREFIX } from '../attributes/attribute-definition.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { User } from '../users/user.ts'
import { writeUserCells } from './user-cells.ts'
import { userColumns } from './user-columns.ts'
import { BYTE_ORDER_MARK, writeCsvRecord } from './write-csv.ts'

const USERS_PER_PAGE = 500
/** More names of attributes than this are no table any more. */
const EXTENSIONS_MAX = 400

export interface ExportQuery {
  readonly tenant: Tenant
  /** Of the main organisation; undefined: everybody. */
  readonly organizationId: string | undefined
}

/** Somebody got an attribute that had no column when the export began, or there are more than a table has. */
export class ExportColumnsError extends Error {
  override readonly name = 'ExportColumnsError'
}

/**
 * The users as a file that `readUserFile` reads: first a look at all, for the attributes that need a column, then their
 * rows, page by page in the order of their ids. What changes meanwhile is in it as it was or as it is.
 * @throws ExportColumnsError
 */
export async function* exportUsers(
  { read }: Pick<Store, 'read'>,
  query: ExportQuery,
): AsyncGenerator<{ readonly text: string; readonly users: number }> {
  const keys = new Set<string>()
  for await (const page of pages(read, query)) {
    for (const user of page) {
      for (const key of Object.keys(user.extension)) {
        keys.add(key)
      }
    }
    if (keys.size > EXTENSIONS_MAX) {
      throw new ExportColumnsError(`users have more than ${EXTENSIONS_MAX} different attributes of their own`)
    }
  }
  const header = [...userColumns, ...[...keys].toSorted().map((key) => EXTENSION_PREFIX + key)]
  yield { text: BYTE_ORDER_MARK + writeCsvRecord(header), users: 0 }
  for await (const page of pages(read, query)) {
    yield { text: await writePage(read, query.tenant, { header, keys, page }), users: page.length }
  }
}

async function* pages(
  { users }: Pick<Repositories, 'users'>,
  { tenant, organizationId }: ExportQuery,
): AsyncGenerator<readonly User[]> {
  for (let afterId = ''; ; ) {
    const page = await users.listAfter(tenant.id, { organizationId, afterId, limit: USERS_PER_PAGE })
    const last = page.at(-1)
    if (last === undefined) {
      return
    }
    yield page
    afterId = last.id
  }
}

async function writePage(
  { organizations }: Pick<Repositories, 'organizations'>,
  tenant: Tenant,
  p: {
    readonly header: readonly string[]
    readonly keys: ReadonlySet<string>
    readonly page: readonly User[]
  },
): Promise<string> {
  const ids = p.page.flatMap(({ organizationId, relations }) => [
    ...(organizationId === undefined ? [] : [organizationId]),
    ...relations.map((relation) => relation.organizationId),
  ])
  const codes = await organizations.findCodes(tenant.id, ids)
  const definitions = tenant.settings.attributes.users
  return p.page
    .map((user) => {
      if (Object.keys(user.extension).some((key) => !p.keys.has(key))) {
        throw new ExportColumnsError('a user got an attribute while the export ran: run it again')
      }
      const codeOf = (id: string) => codes.get(id)
      return writeCsvRecord(writeUserCells(p.header, user, { definitions, codeOf }))
    })
    .join('')
}
