import { type Kysely, type RawBuilder, sql } from 'kysely'

interface ColumnTypes {
  readonly text: RawBuilder<unknown>
}

/**
 * Bundles of permission codes, which applications have by reference; from where an application may call; and when it
 * was last on record that one called from elsewhere. A bundle that an application has cannot be removed.
 */
export async function up(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await sql`create table permission_bundles (
    tenant_id ${text} not null, code ${text} not null, name ${text} not null,
    permissions_json ${text} not null,
    constraint permission_bundles_pkey primary key (tenant_id, code))`.execute(db)
  await sql`create table application_bundles (
    tenant_id ${text} not null, application_id ${text} not null, bundle_code ${text} not null,
    constraint application_bundles_pkey primary key (tenant_id, application_id, bundle_code),
    foreign key (tenant_id, application_id) references applications (tenant_id, id) on delete cascade,
    foreign key (tenant_id, bundle_code) references permission_bundles (tenant_id, code))`.execute(db)
  await sql`create index application_bundles_bundle
    on application_bundles (tenant_id, bundle_code)`.execute(db)
  // those that are stored may call from everywhere, as before
  await sql`alter table applications add column allowed_addresses_json ${text} not null default '[]'`.execute(
    db,
  )
  await sql`create table address_refusals (
    tenant_id ${text} not null, application_id ${text} not null, refused_at bigint not null,
    constraint address_refusals_pkey primary key (tenant_id, application_id),
    foreign key (tenant_id, application_id) references applications (tenant_id, id) on delete cascade)`.execute(
    db,
  )
}
