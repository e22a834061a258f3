import { type Kysely, type RawBuilder, sql } from 'kysely'

interface ColumnTypes {
  readonly text: RawBuilder<unknown>
}

/**
 * Accounts of users in applications, and the organisations and roles that an application has of its own. All of it
 * goes with its application. An account that has a user keeps that user from being removed until somebody has said
 * what becomes of it; uses of a public account go with the user.
 */
export async function up(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await sql`alter table applications add column object_models_json ${text} not null
    default '{"organizations":true,"roles":true,"severalRoles":true}'`.execute(db)
  await createOrganizations(db, text)
  await createRoles(db, text)
  await createAccounts(db, text)
  await createUses(db, text)
}

async function createOrganizations(db: Kysely<unknown>, text: RawBuilder<unknown>): Promise<void> {
  await sql`create table application_organizations (
    tenant_id ${text} not null, application_id ${text} not null, id ${text} not null,
    code ${text} not null, code_key ${text} not null, name ${text} not null, parent_id ${text},
    created_at bigint not null, updated_at bigint not null,
    constraint application_organizations_pkey primary key (tenant_id, application_id, id),
    foreign key (tenant_id, application_id) references applications (tenant_id, id) on delete cascade,
    foreign key (tenant_id, application_id, parent_id)
      references application_organizations (tenant_id, application_id, id))`.execute(db)
  await sql`create unique index application_organizations_code
    on application_organizations (tenant_id, application_id, code_key)`.execute(db)
  await sql`create index application_organizations_parent
    on application_organizations (tenant_id, application_id, parent_id)`.execute(db)
}

async function createRoles(db: Kysely<unknown>, text: RawBuilder<unknown>): Promise<void> {
  await sql`create table application_roles (
    tenant_id ${text} not null, application_id ${text} not null, id ${text} not null,
    code ${text} not null, code_key ${text} not null, name ${text},
    created_at bigint not null, updated_at bigint not null,
    constraint application_roles_pkey primary key (tenant_id, application_id, id),
    foreign key (tenant_id, application_id) references applications (tenant_id, id) on delete cascade)`.execute(
    db,
  )
  await sql`create unique index application_roles_code
    on application_roles (tenant_id, application_id, code_key)`.execute(db)
}

async function createAccounts(db: Kysely<unknown>, text: RawBuilder<unknown>): Promise<void> {
  await sql`create table accounts (
    tenant_id ${text} not null, application_id ${text} not null, id ${text} not null,
    account_type ${text} not null, account_name ${text} not null, account_name_key ${text} not null, name ${text},
    user_id ${text}, former_user_id ${text}, organization_id ${text},
    disabled bigint not null, extension_json ${text} not null, created_at bigint not null, updated_at bigint not null,
    constraint accounts_pkey primary key (tenant_id, application_id, id),
    foreign key (tenant_id, application_id) references applications (tenant_id, id) on delete cascade,
    foreign key (tenant_id, user_id) references users (tenant_id, id),
    foreign key (tenant_id, application_id, organization_id)
      references application_organizations (tenant_id, application_id, id))`.execute(db)
  await sql`create unique index accounts_name on accounts (tenant_id, application_id, account_name_key)`.execute(
    db,
  )
  await sql`create unique index accounts_user on accounts (tenant_id, user_id, application_id)`.execute(db)
  await sql`create index accounts_type on accounts (tenant_id, application_id, account_type, id)`.execute(db)
  await sql`create index accounts_former_user on accounts (tenant_id, former_user_id)
    where former_user_id is not null`.execute(db)
  await sql`create index accounts_organization on accounts (tenant_id, application_id, organization_id)
    where organization_id is not null`.execute(db)
}

/** Who uses a public account, and which roles an account has. */
async function createUses(db: Kysely<unknown>, text: RawBuilder<unknown>): Promise<void> {
  await sql`create table account_users (
    tenant_id ${text} not null, application_id ${text} not null, account_id ${text} not null, user_id ${text} not null,
    constraint account_users_pkey primary key (tenant_id, application_id, account_id, user_id),
    foreign key (tenant_id, application_id, account_id) references accounts (tenant_id, application_id, id)
      on delete cascade,
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade)`.execute(db)
  await sql`create index account_users_user on account_users (tenant_id, user_id, application_id, account_id)`.execute(
    db,
  )
  await sql`create table account_roles (
    tenant_id ${text} not null, application_id ${text} not null, account_id ${text} not null, role_id ${text} not null,
    constraint account_roles_pkey primary key (tenant_id, application_id, account_id, role_id),
    foreign key (tenant_id, application_id, account_id) references accounts (tenant_id, application_id, id)
      on delete cascade,
    foreign key (tenant_id, application_id, role_id) references application_roles (tenant_id, application_id, id))`.execute(
    db,
  )
  await sql`create index account_roles_role on account_roles (tenant_id, application_id, role_id, account_id)`.execute(
    db,
  )
}
