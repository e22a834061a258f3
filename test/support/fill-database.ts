import { codeRows } from './code-statements.ts'
import type { TestDatabase } from './databases.ts'
import { webhookRows } from './webhook-statements.ts'

/** Enough rows, in ten tenants, that a planner that knows them walks through no table because it is small. */
export async function fillDatabase(database: TestDatabase): Promise<void> {
  for (const statement of filling) {
    await database.query(statement)
  }
  await database.query('analyze')
}

const numbers = 'with recursive n (i) as (select 1 union all select i + 1 from n where i < 3000)'
/** The record is the largest table by far. */
const manyNumbers = numbers.replace('3000', '100000')
/** More of a tenant than are looked up at once. */
const userNumbers = numbers.replace('3000', '30000')
const tenant = "'t' || (i % 10)"
/** One for each tenant. */
const application = "'a' || ((i + 9) % 10 + 1)"
const filling = [
  `${userNumbers} insert into users (tenant_id, id, user_name, user_name_key, name, email_key, mobile, organization_id,
      profile_json, extension_json, disabled, must_change_password, created_at, updated_at, credential_salt,
      credential_parameters, credential_version, reset_sequence, credential_digest)
    select ${tenant}, 'u' || i, 'n' || i, 'n' || i, 'n', 'e' || i, 'm' || i, 'o' || (i % 50), '{}', '{}', 0, 0, i, i,
      's', 'p', 1, 1, case when i % 50 > 0 then 'd' end from n`,
  `${numbers} insert into resets (tenant_id, id, user_id, sequence, application_id, send_mode, old_password_mode, state, digest,
      destination_mac, destination_masked, lease_expires_at, prepared_at, deadline_at)
    select ${tenant}, 'r' || i, 'u' || (i / 10), i, 'a', case i % 7 when 0 then 'SMS' else 'EMAIL' end, 'keep', case i % 10 when 0 then 'sending' when 1 then 'accepted'
      when 2 then 'superseded' else 'completed' end, case when i % 10 < 3 then 'd' end, 'm' || (i / 10), 'm', i, i, i from n`,
  `${numbers} insert into applications (tenant_id, id, client_id, name, secret_digest, permissions_json, disabled,
      token_lifetime_seconds, version, created_at, updated_at)
    select ${tenant}, 'a' || i, 'c' || i, 'n', 's', '[]', 0, 1, 1, i, i from n`,
  `${numbers} insert into permission_bundles (tenant_id, code, name, permissions_json)
    select ${tenant}, 'b' || (i % 50), 'n', '[]' from n where i <= 50`,
  `${numbers} insert into application_bundles (tenant_id, application_id, bundle_code)
    select ${tenant}, 'a' || i, 'b' || (i % 50) from n`,
  `${numbers} insert into access_tokens (tenant_id, token_digest, application_id, application_version, issued_at, expires_at)
    select ${tenant}, 'd' || i, 'a' || i, 1, i, i from n`,
  `${numbers} insert into application_organizations (tenant_id, application_id, id, code, code_key, name, parent_id,
      created_at, updated_at)
    select ${tenant}, ${application}, 'p' || i, 'c' || i, 'c' || i, 'n', null, i, i from n`,
  `${numbers} insert into application_roles (tenant_id, application_id, id, code, code_key, created_at, updated_at)
    select ${tenant}, ${application}, 'r' || i, 'c' || i, 'c' || i, i, i from n`,
  `${numbers} insert into accounts (tenant_id, application_id, id, account_type, account_name, account_name_key, user_id,
      organization_id, disabled, extension_json, created_at, updated_at)
    select ${tenant}, ${application}, 'c' || i, case i % 20 when 1 then 'BASIC_ACCOUNT' else 'PUBLIC_ACCOUNT' end,
      'n' || i, 'n' || i, case i % 20 when 1 then 'u' || i end, 'p' || i, 0, '{}', i, i from n`,
  `${numbers} insert into account_users (tenant_id, application_id, account_id, user_id)
    select ${tenant}, ${application}, 'c' || i, 'u' || i from n`,
  `${numbers} insert into account_roles (tenant_id, application_id, account_id, role_id)
    select ${tenant}, ${application}, 'c' || i, 'r' || i from n`,
  `${numbers} insert into idempotency_keys (tenant_id, application_id, key_mac, fingerprint, reset_id, created_at)
    select ${tenant}, 'a', 'k' || i, 'f', 'r' || i, i from n`,
  `${numbers} insert into organizations (tenant_id, id, code, code_key, name, parent_id, disabled, extension_json,
      created_at, updated_at, path)
    select ${tenant}, 'o' || i, 'c' || i, 'c' || i, 'n', case when i < 100 then null else 'o' || (i / 100 * 10) end, 0, '{}', i, i,
      case when i < 100 then '' else 'o' || (i / 100 * 10) || '/' end || 'o' || i || '/' from n`,
  `${numbers} insert into user_relations (tenant_id, organization_id, user_id)
    select ${tenant}, 'o' || (i % 40), 'u' || i from n`,
  `${numbers} insert into unique_attributes (tenant_id, kind, attribute, value_key, owner_id)
    select ${tenant}, 'users', 'employee_id', 'e-' || i, 'u' || i from n`,
  `${numbers} insert into counts (tenant_id, kind, total, changed_at)
    select 't' || i, 'organization', 1, i from n`,
  `${numbers} insert into sessions (tenant_id, id, token_digest, user_id, application_id, credential_version, created_at, expires_at)
    select ${tenant}, 's' || i, 'd' || i, 'u' || i, 'a', 1, i, i from n`,
  `${numbers} insert into state_tokens (tenant_id, token_digest, user_id, application_id, credential_version, created_at, expires_at)
    select ${tenant}, 'd' || i, 'u' || i, 'a', 1, i, i from n`,
  `${numbers} insert into sign_in_failures (tenant_id, subject, failed_count, last_failed_at, locked_until)
    select ${tenant}, 'user:u' || i, 1, i, case i % 20 when 0 then i end from n`,
  `${manyNumbers} insert into audit_rows (tenant_id, id, at, action, actor_kind, target_kind, detail_json, sequence, digest)
    select ${tenant}, 'i' || i, i, 'x', 'server', 'user', '{}', case when i % 20 > 1 then i end,
      case when i % 20 > 1 then 'd' end from n`,
  `${numbers} insert into notices (tenant_id, id, user_id, event, channel, destination_sealed, variables_json, created_at,
      due_at, deadline_at, attempts, unsettled_attempts)
    select ${tenant}, 'n' || i, 'u' || i, 'password-changed', 'EMAIL', 's', '{}', i, i, i, 0, 0 from n`,
  `${numbers} insert into password_history (tenant_id, user_id, credential_version, replaced_at, salt, parameters, digest)
    select ${tenant}, 'u' || i, 1, i, 's', 'p', 'd' from n`,
  `${numbers} insert into reset_attempts (tenant_id, reset_id, ordinal, gateway, started_at)
    select ${tenant}, 'r' || i, 1, 'g', i from n`,
  ...codeRows(numbers, tenant),
  `${numbers} insert into user_imports (tenant_id, id, fingerprint, is_update, per_minute, position, created, updated,
      unchanged, failed, created_at, updated_at, next_delivery_at)
    select ${tenant}, 'i' || i, 'f' || i, 0, 60, i, 0, 0, 0, 0, i, i, case i % 20 when 1 then i end from n`,
  `${numbers} insert into user_import_errors (tenant_id, import_id, row_number, field, code, params_json)
    select ${tenant}, 'i' || i, i, 'f', 'c', '[]' from n`,
  `${numbers} insert into first_passwords (tenant_id, user_id, import_id, send_mode, state, due_at, attempts, created_at)
    select ${tenant}, 'u' || i, 'i' || i, 'EMAIL', case i % 20 when 1 then 'waiting' else 'delivered' end,
      case i % 20 when 1 then i end, 0, i from n`,
  ...webhookRows(numbers),
  `${numbers} insert into audit_heads (tenant_id, sequence, digest, sealed_at, removed_sequence, removed_digest, key_check,
      mac, lease_expires_at)
    select 't' || i, 3000, 'd', 1, 0, '', 'k', 'm', 0 from n`,
]
