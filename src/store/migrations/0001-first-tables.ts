import { type Kysely, type RawBuilder, sql } from 'kysely'

interface ColumnTypes {
  readonly text: RawBuilder<unknown>
}

/**
 * Everything of the main job. The tenant stands first in every key and nothing counts by itself, so that tenants can
 * be spread over databases; a partial index is usable only by statements that say its condition literally.
 */
export async function up(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  const create = tableBuilder(db, text)
  await createTenants(db, create)
  await createPeople(db, create)
  await createApplications(db, create)
  await createMessaging(create)
  await createResets(db, create)
  await createSignIn(db, create)
  await create('audit_rows', {
    key: ['tenant_id', 'at', 'id'],
    texts: ['tenant_id', 'id', 'action', 'actor_kind', 'target_kind', 'detail_json'],
    optionalTexts: ['actor_id', 'target_id', 'request_id'],
    numbers: ['at'],
  })
}

interface TableShape {
  readonly key: readonly string[]
  readonly texts: readonly string[]
  readonly optionalTexts?: readonly string[]
  readonly numbers?: readonly string[]
  readonly optionalNumbers?: readonly string[]
  /** Rows go with the row of `table` that these columns name. */
  readonly belongsTo?: {
    readonly table: string
    readonly columns: readonly string[]
    readonly key: readonly string[]
  }
}

type CreateTable = (name: string, shape: TableShape) => Promise<void>

function tableBuilder(db: Kysely<unknown>, text: RawBuilder<unknown>): CreateTable {
  return async (name, shape) => {
    let table = db.schema.createTable(name)
    const add = (
      columns: readonly string[] = [],
      type: RawBuilder<unknown> | 'bigint',
      isOptional: boolean,
    ) => {
      for (const column of columns) {
        table = table.addColumn(column, type, (built) => (isOptional ? built : built.notNull()))
      }
    }
    add(shape.texts, text, false)
    add(shape.optionalTexts, text, true)
    add(shape.numbers, 'bigint', false)
    add(shape.optionalNumbers, 'bigint', true)
    table = table.addPrimaryKeyConstraint(`${name}_pkey`, [...shape.key] as never[])
    if (shape.belongsTo !== undefined) {
      const { table: owner, columns, key } = shape.belongsTo
      table = table.addForeignKeyConstraint(
        `${name}_${owner}`,
        [...columns] as never[],
        owner,
        [...key],
        (constraint) => constraint.onDelete('cascade'),
      )
    }
    await table.execute()
  }
}

async function createTenants(db: Kysely<unknown>, create: CreateTable): Promise<void> {
  await create('tenants', {
    key: ['id'],
    texts: ['id', 'code', 'code_key', 'name', 'language', 'time_zone', 'settings_json'],
  })
  await create('tenant_domains', {
    key: ['tenant_id', 'domain'],
    texts: ['tenant_id', 'domain'],
    numbers: ['position'],
    belongsTo: { table: 'tenants', columns: ['tenant_id'], key: ['id'] },
  })
  await sql`create unique index tenants_code on tenants (code_key)`.execute(db)
  await sql`create unique index tenant_domains_domain on tenant_domains (domain)`.execute(db)
}

async function createPeople(db: Kysely<unknown>, create: CreateTable): Promise<void> {
  await create('organizations', {
    key: ['tenant_id', 'id'],
    texts: ['tenant_id', 'id', 'code', 'code_key', 'name', 'extension_json'],
    optionalTexts: ['parent_id', 'category', 'language'],
    numbers: ['disabled', 'created_at', 'updated_at'],
    optionalNumbers: ['sequence'],
  })
  await sql`create unique index organizations_code on organizations (tenant_id, code_key)`.execute(db)
  await create('users', {
    key: ['tenant_id', 'id'],
    texts: [
      ...['tenant_id', 'id', 'user_name', 'user_name_key', 'name', 'profile_json', 'extension_json'],
      ...['credential_salt', 'credential_parameters'],
    ],
    optionalTexts: [
      ...['email', 'email_key', 'mobile', 'organization_id', 'language', 'administrator_role'],
      ...['last_sign_in_address', 'credential_digest', 'credential_reset_id'],
    ],
    numbers: [
      ...['disabled', 'must_change_password', 'created_at', 'updated_at', 'credential_version'],
      'reset_sequence',
    ],
    optionalNumbers: ['password_changed_at', 'last_sign_in_at'],
  })
  await sql`create unique index users_user_name on users (tenant_id, user_name_key)`.execute(db)
  await sql`create unique index users_email on users (tenant_id, email_key)`.execute(db)
  await sql`create unique index users_mobile on users (tenant_id, mobile)`.execute(db)
  await sql`create index users_organization on users (tenant_id, organization_id, id)`.execute(db)
  await sql`create index users_updated_at on users (tenant_id, updated_at)`.execute(db)
  await create('password_history', {
    key: ['tenant_id', 'user_id', 'credential_version'],
    texts: ['tenant_id', 'user_id', 'salt', 'parameters', 'digest'],
    numbers: ['credential_version', 'replaced_at'],
    belongsTo: { table: 'users', columns: ['tenant_id', 'user_id'], key: ['tenant_id', 'id'] },
  })
}

async function createApplications(db: Kysely<unknown>, create: CreateTable): Promise<void> {
  await create('applications', {
    key: ['tenant_id', 'id'],
    texts: ['tenant_id', 'id', 'client_id', 'name', 'secret_digest', 'permissions_json'],
    numbers: ['disabled', 'token_lifetime_seconds', 'version', 'created_at', 'updated_at'],
  })
  await sql`create unique index applications_client_id on applications (tenant_id, client_id)`.execute(db)
  await create('access_tokens', {
    key: ['tenant_id', 'token_digest'],
    texts: ['tenant_id', 'token_digest', 'application_id'],
    numbers: ['application_version', 'issued_at', 'expires_at'],
    belongsTo: { table: 'applications', columns: ['tenant_id', 'application_id'], key: ['tenant_id', 'id'] },
  })
  await sql`create index access_tokens_application on access_tokens (tenant_id, application_id)`.execute(db)
  await sql`create index access_tokens_expires_at on access_tokens (expires_at)`.execute(db)
  await create('signing_keys', {
    key: ['tenant_id', 'key_id'],
    texts: ['tenant_id', 'key_id', 'private_key_sealed', 'public_key_json'],
    numbers: ['created_at'],
  })
}

async function createMessaging(create: CreateTable): Promise<void> {
  await create('gateways', {
    key: ['tenant_id', 'name'],
    texts: ['tenant_id', 'name', 'channel', 'kind', 'settings_json'],
    numbers: ['priority', 'disabled', 'version'],
  })
  await create('templates', {
    key: ['tenant_id', 'event', 'channel', 'language'],
    texts: ['tenant_id', 'event', 'channel', 'language', 'text_part'],
    optionalTexts: ['subject', 'html_part'],
  })
}

/** Resets outlive their user: a call in flight finds out by its reset that the user is gone. */
async function createResets(db: Kysely<unknown>, create: CreateTable): Promise<void> {
  await create('resets', {
    key: ['tenant_id', 'id'],
    texts: [
      ...['tenant_id', 'id', 'user_id', 'send_mode', 'old_password_mode', 'state'],
      ...['destination_mac', 'destination_masked'],
    ],
    optionalTexts: ['application_id', 'digest', 'lease_token', 'detail', 'gateway'],
    numbers: ['sequence', 'prepared_at', 'deadline_at'],
    optionalNumbers: ['lease_expires_at', 'settled_at', 'promoted_at', 'used_at'],
  })
  await sql`create unique index resets_sequence on resets (tenant_id, user_id, sequence)`.execute(db)
  await sql`create unique index resets_in_flight on resets (tenant_id, user_id)
    where state in ('prepared', 'sending')`.execute(db)
  await sql`create index resets_open on resets (tenant_id, user_id, sequence)
    where state in ('prepared', 'sending', 'unknown', 'accepted', 'used')`.execute(db)
  await sql`create index resets_secrets on resets (tenant_id, user_id, sequence)
    where digest is not null`.execute(db)
  await sql`create index resets_lease_expires_at on resets (lease_expires_at)
    where state in ('prepared', 'sending')`.execute(db)
  await sql`create index resets_deadline_at on resets (deadline_at)
    where state in ('unknown', 'accepted', 'used')`.execute(db)
  await sql`create index resets_forgettable on resets (deadline_at)
    where state in ('superseded', 'expired') and digest is not null`.execute(db)
  await create('reset_attempts', {
    key: ['tenant_id', 'reset_id', 'ordinal'],
    texts: ['tenant_id', 'reset_id', 'gateway'],
    optionalTexts: ['outcome', 'reason', 'reply'],
    numbers: ['ordinal', 'started_at'],
    optionalNumbers: ['ended_at'],
    belongsTo: { table: 'resets', columns: ['tenant_id', 'reset_id'], key: ['tenant_id', 'id'] },
  })
}

async function createSignIn(db: Kysely<unknown>, create: CreateTable): Promise<void> {
  const ownedByUser = { table: 'users', columns: ['tenant_id', 'user_id'], key: ['tenant_id', 'id'] }
  await create('sessions', {
    key: ['tenant_id', 'id'],
    texts: ['tenant_id', 'id', 'token_digest', 'user_id', 'application_id'],
    numbers: ['credential_version', 'created_at', 'expires_at'],
    belongsTo: ownedByUser,
  })
  await sql`create unique index sessions_token on sessions (tenant_id, token_digest)`.execute(db)
  await sql`create index sessions_user on sessions (tenant_id, user_id)`.execute(db)
  await sql`create index sessions_expires_at on sessions (expires_at)`.execute(db)
  await create('state_tokens', {
    key: ['tenant_id', 'token_digest'],
    texts: ['tenant_id', 'token_digest', 'user_id', 'application_id'],
    optionalTexts: ['reset_id'],
    numbers: ['credential_version', 'created_at', 'expires_at'],
    belongsTo: ownedByUser,
  })
  await sql`create index state_tokens_user on state_tokens (tenant_id, user_id)`.execute(db)
  await sql`create index state_tokens_expires_at on state_tokens (expires_at)`.execute(db)
  await create('sign_in_failures', {
    key: ['tenant_id', 'subject'],
    texts: ['tenant_id', 'subject'],
    numbers: ['failed_count', 'last_failed_at'],
    optionalNumbers: ['locked_until'],
  })
  await sql`create index sign_in_failures_last_failed_at on sign_in_failures (last_failed_at)`.execute(db)
}
