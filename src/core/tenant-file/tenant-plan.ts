import type { GatewayRow, Organization, Repositories, TemplateRow } from '../../store/store.ts'
import type { WebhookConfiguration } from '../../store/webhook-store.ts'
import type { Application } from '../applications/application.ts'
import type { PermissionBundle } from '../permissions/permission-bundle.ts'
import type { SendMode, Tenant } from '../tenants/tenant.ts'
import type { User, UserWithCredential } from '../users/user.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import type { UserEntry } from './tenant-file-schema.ts'

export type ChangeKind =
  | 'tenant'
  | 'gateway'
  | 'template'
  | 'webhook'
  | 'organization'
  | 'user'
  | 'permission_bundle'
  | 'application'
export type ChangeAction = 'create' | 'update' | 'remove'

/** One difference between file and store, for people and machines. */
export interface Change {
  readonly kind: ChangeKind
  readonly action: ChangeAction
  /** As the file names it: code, user name, client id. */
  readonly name: string
  /** Keys of the file that differ; empty unless it is an update. */
  readonly fields: readonly string[]
}

export interface RowChange<Row> extends Change {
  /** For the record: ids and codes only, no user names. */
  readonly id: string
  readonly before: Row | undefined
  readonly after: Row | undefined
}

export interface UserChange extends RowChange<User> {
  readonly entry: UserEntry | undefined
  /** It takes an e-mail address or mobile number from another stored user, or gives one to another. */
  readonly movesContact: boolean
}

export interface Delivery {
  /** Of a user that this run creates: the id it gets. */
  readonly userId: string
  readonly userName: string
  readonly sendMode: SendMode
}

export interface ConfigurationPlan {
  readonly tenant: Tenant
  readonly changes: readonly ConfigurationChange[]
  /** After the users, who may be in them. */
  readonly organizationRemovals: readonly RowChange<Organization>[]
  /** Ids by normalised code, new ones included. */
  readonly organizationIds: ReadonlyMap<string, string>
  /** By code, as they will be. */
  readonly permissionBundles: ReadonlyMap<string, PermissionBundle>
}

export type ConfigurationChange =
  | (RowChange<Tenant> & { readonly kind: 'tenant' })
  | (RowChange<Organization> & { readonly kind: 'organization' })
  | (RowChange<PermissionBundle> & { readonly kind: 'permission_bundle' })
  | (RowChange<Application> & { readonly kind: 'application' })
  | (RowChange<GatewayRow> & { readonly kind: 'gateway' })
  | (RowChange<TemplateRow> & { readonly kind: 'template' })
  | (RowChange<WebhookConfiguration> & { readonly kind: 'webhook' })

/** What the store has of a tenant besides users. */
export interface StoredConfiguration {
  readonly tenant: Tenant | undefined
  readonly organizations: readonly Organization[]
  readonly permissionBundles: readonly PermissionBundle[]
  readonly applications: readonly Application[]
  readonly gateways: readonly GatewayRow[]
  readonly templates: readonly TemplateRow[]
  readonly webhooks: readonly Webhook[]
}

export async function readConfiguration(
  repositories: Repositories,
  code: string,
): Promise<StoredConfiguration> {
  const tenant = await repositories.tenants.findByCode(code)
  if (tenant === undefined) {
    return {
      tenant,
      organizations: [],
      permissionBundles: [],
      applications: [],
      gateways: [],
      templates: [],
      webhooks: [],
    }
  }
  return {
    tenant,
    organizations: await repositories.organizations.list(tenant.id),
    permissionBundles: await repositories.permissionBundles.list(tenant.id),
    applications: await repositories.applications.list(tenant.id),
    gateways: await repositories.gateways.list(tenant.id),
    templates: await repositories.templates.list(tenant.id),
    webhooks: await repositories.webhooks.list(tenant.id),
  }
}

const USERS_A_READ = 1_000

export async function readUsers(
  repositories: Repositories,
  tenantId: string | undefined,
): Promise<readonly UserWithCredential[]> {
  const users: UserWithCredential[] = []
  let page: readonly UserWithCredential[] = []
  do {
    page =
      tenantId === undefined
        ? []
        : await repositories.users.listWithCredentials(tenantId, users.at(-1)?.id, USERS_A_READ)
    users.push(...page)
  } while (page.length === USERS_A_READ)
  return users
}

/** What differs between a stored row and the wanted one, by the file's names for its parts; undefined: nothing. */
export function rowChange<Row>(p: {
  readonly before: Row | undefined
  readonly after: Row
  readonly id: string
  readonly name: string
  readonly parts: (row: Row) => Readonly<Record<string, unknown>>
}): Omit<RowChange<Row>, 'kind'> | undefined {
  const { before, after, id, name } = p
  if (before === undefined) {
    return { action: 'create', id, name, fields: [], before, after }
  }
  const [old, wanted] = [p.parts(before), p.parts(after)]
  const keys = [...new Set([...Object.keys(old), ...Object.keys(wanted)])]
  const fields = keys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(wanted[key]))
  return fields.length === 0 ? undefined : { action: 'update', id, name, fields, before, after }
}

export function removal<Row>(before: Row, id: string, name: string): Omit<RowChange<Row>, 'kind'> {
  return { action: 'remove', id, name, fields: [], before, after: undefined }
}

/** Absent in the file: as stored, or the default if there is nothing stored. `null`: the default. */
export function settle<T>(given: T | null | undefined, stored: T | undefined, defaultValue: T): T {
  return given === undefined ? (stored ?? defaultValue) : (given ?? defaultValue)
}
