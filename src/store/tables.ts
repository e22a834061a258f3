import type { CodeRequestTable, CodeTable, SessionTicketTable, UsedCaptchaTable } from './code-tables.ts'
import type { FirstPasswordTable, UserImportErrorTable, UserImportTable } from './import-tables.ts'
import type { SessionTable, SignInFailureTable, StateTokenTable } from './session-tables.ts'
import type { WebhookDeliveryTable, WebhookTable } from './webhook-tables.ts'

/**
 * The tables as the migrations leave them. On both databases alike: booleans are 0 and 1, times are Unix milliseconds,
 * `…_json` holds JSON as text, `…_key` the form in which names are compared.
 */
export interface Tables {
  tenants: TenantTable
  tenant_domains: TenantDomainTable
  organizations: OrganizationTable
  counts: CountTable
  users: UserTable
  user_relations: UserRelationTable
  unique_attributes: UniqueAttributeTable
  password_history: PasswordHistoryTable
  applications: ApplicationTable
  permission_bundles: PermissionBundleTable
  application_bundles: ApplicationBundleTable
  address_refusals: AddressRefusalTable
  application_organizations: ApplicationOrganizationTable
  application_roles: ApplicationRoleTable
  accounts: AccountTable
  account_users: AccountUserTable
  account_roles: AccountRoleTable
  access_tokens: AccessTokenTable
  signing_keys: SigningKeyTable
  gateways: GatewayTable
  templates: TemplateTable
  resets: ResetTable
  reset_attempts: ResetAttemptTable
  idempotency_keys: IdempotencyKeyTable
  sessions: SessionTable
  state_tokens: StateTokenTable
  sign_in_failures: SignInFailureTable
  audit_rows: AuditTable
  audit_heads: AuditHeadTable
  notices: NoticeTable
  code_requests: CodeRequestTable
  codes: CodeTable
  session_tickets: SessionTicketTable
  used_captchas: UsedCaptchaTable
  user_imports: UserImportTable
  user_import_errors: UserImportErrorTable
  first_passwords: FirstPasswordTable
  webhooks: WebhookTable
  webhook_deliveries: WebhookDeliveryTable
  schema_migrations: { name: string; applied_at: number }
}

export interface TenantTable {
  id: string
  code: string
  code_key: string
  name: string
  language: string
  time_zone: string
  settings_json: string
}

export interface TenantDomainTable {
  tenant_id: string
  domain: string
  /** Place in the tenant's list. */
  position: number
}

export interface OrganizationTable {
  tenant_id: string
  id: string
  code: string
  code_key: string
  name: string
  parent_id: string | null
  category: string | null
  sequence: number | null
  language: string | null
  disabled: number
  extension_json: string
  created_at: number
  updated_at: number
  /** Ids from the root down to the organisation itself, each followed by `/`. */
  path: string
}

/** How many of a kind a tenant has, and when one of them last changed. */
export interface CountTable {
  tenant_id: string
  kind: string
  total: number
  changed_at: number
}

export interface UserTable {
  tenant_id: string
  id: string
  user_name: string
  user_name_key: string
  name: string
  email: string | null
  email_key: string | null
  /** Not at creation. */
  email_changed_at: number | null
  mobile: string | null
  mobile_changed_at: number | null
  organization_id: string | null
  relations_json: string
  language: string | null
  time_zone: string | null
  profile_json: string
  extension_json: string
  administrator_role: string | null
  disabled: number
  must_change_password: number
  password_changed_at: number | null
  last_sign_in_at: number | null
  last_sign_in_address: string | null
  frozen_at: number | null
  created_at: number
  updated_at: number
  credential_salt: string
  credential_parameters: string
  credential_digest: string | null
  credential_reset_id: string | null
  credential_version: number
  /** Of the newest reset; 0: none yet. */
  reset_sequence: number
}

/** Who is in an organisation: found by it; what a user is in stands in the user's row too. */
export interface UserRelationTable {
  tenant_id: string
  organization_id: string
  user_id: string
}

/** Who has which value of an attribute that a tenant made unique. */
export interface UniqueAttributeTable {
  tenant_id: string
  kind: string
  attribute: string
  value_key: string
  owner_id: string
}

export interface PasswordHistoryTable {
  tenant_id: string
  user_id: string
  /** The version that the password had. */
  credential_version: number
  salt: string
  parameters: string
  digest: string
  replaced_at: number
}

export interface ApplicationTable {
  tenant_id: string
  id: string
  client_id: string
  name: string
  secret_digest: string
  permissions_json: string
  disabled: number
  token_lifetime_seconds: number
  version: number
  may_change_administrators: number
  resets_stopped_at: number | null
  object_models_json: string
  reset_organizations_json: string | null
  allowed_addresses_json: string
  created_at: number
  updated_at: number
}

export interface PermissionBundleTable {
  tenant_id: string
  code: string
  name: string
  permissions_json: string
}

/** Which bundles an application has. */
export interface ApplicationBundleTable {
  tenant_id: string
  application_id: string
  bundle_code: string
}

/** When it was last put on record that an application called from an address it may not call from. */
export interface AddressRefusalTable {
  tenant_id: string
  application_id: string
  refused_at: number
}

export interface ApplicationOrganizationTable {
  tenant_id: string
  application_id: string
  id: string
  code: string
  code_key: string
  name: string
  parent_id: string | null
  created_at: number
  updated_at: number
}

export interface ApplicationRoleTable {
  tenant_id: string
  application_id: string
  id: string
  code: string
  code_key: string
  name: string | null
  created_at: number
  updated_at: number
}

export interface AccountTable {
  tenant_id: string
  application_id: string
  id: string
  account_type: string
  account_name: string
  account_name_key: string
  name: string | null
  /** Of a basic account only. */
  user_id: string | null
  /** Of an orphan: whose it was. */
  former_user_id: string | null
  organization_id: string | null
  disabled: number
  extension_json: string
  created_at: number
  updated_at: number
}

export interface AccountUserTable {
  tenant_id: string
  application_id: string
  account_id: string
  user_id: string
}

export interface AccountRoleTable {
  tenant_id: string
  application_id: string
  account_id: string
  role_id: string
}

export interface AccessTokenTable {
  tenant_id: string
  token_digest: string
  application_id: string
  application_version: number
  issued_at: number
  expires_at: number
}

export interface SigningKeyTable {
  tenant_id: string
  key_id: string
  private_key_sealed: string
  public_key_json: string
  created_at: number
}

export interface GatewayTable {
  tenant_id: string
  name: string
  channel: string
  kind: string
  priority: number
  settings_json: string
  disabled: number
  version: number
}

export interface TemplateTable {
  tenant_id: string
  event: string
  channel: string
  language: string
  subject: string | null
  text_part: string
  html_part: string | null
}

export interface ResetTable {
  tenant_id: string
  id: string
  user_id: string
  sequence: number
  application_id: string | null
  send_mode: string
  old_password_mode: string
  state: string
  digest: string | null
  destination_mac: string
  destination_masked: string
  lease_token: string | null
  lease_expires_at: number | null
  detail: string | null
  gateway: string | null
  prepared_at: number
  settled_at: number | null
  /** NULL too for resets of before the column was there: those have `promoted_at`. */
  accepted_at: number | null
  promoted_at: number | null
  used_at: number | null
  deadline_at: number
  disowned_at: number | null
}

export interface ResetAttemptTable {
  tenant_id: string
  reset_id: string
  ordinal: number
  gateway: string
  started_at: number
  ended_at: number | null
  outcome: string | null
  reason: string | null
  reply: string | null
}

export interface IdempotencyKeyTable {
  tenant_id: string
  application_id: string
  key_mac: string
  fingerprint: string
  reset_id: string
  created_at: number
}

export interface AuditTable {
  tenant_id: string
  at: number
  id: string
  action: string
  actor_kind: string
  actor_id: string | null
  target_kind: string
  target_id: string | null
  request_id: string | null
  detail_json: string
  /** Place in the tenant's chain; NULL: not sealed yet. */
  sequence: number | null
  digest: string | null
}

export interface AuditHeadTable {
  tenant_id: string
  sequence: number
  digest: string
  sealed_at: number
  removed_sequence: number
  removed_digest: string
  key_check: string
  mac: string
  lease_holder: string | null
  lease_expires_at: number
}

export interface NoticeTable {
  tenant_id: string
  id: string
  user_id: string
  event: string
  channel: string
  destination_sealed: string
  variables_json: string
  created_at: number
  due_at: number
  deadline_at: number
  attempts: number
  unsettled_attempts: number
}
