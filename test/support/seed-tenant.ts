import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Application } from '../../src/core/applications/application.ts'
import { newId } from '../../src/core/new-id.ts'
import { createPasswordHasher } from '../../src/core/password/create-password-hasher.ts'
import type { PermissionCode } from '../../src/core/permissions/permission-codes.ts'
import { systemRandomBytes } from '../../src/core/randomness.ts'
import { Secret } from '../../src/core/secret.ts'
import { defaultTenantSettings, type Tenant } from '../../src/core/tenants/tenant.ts'
import { normaliseKey } from '../../src/core/users/normalise-key.ts'
import type { UserWithCredential } from '../../src/core/users/user.ts'
import type { Channel } from '../../src/messaging/gateway.ts'
import type { Store } from '../../src/store/store.ts'

/** Cheap on purpose: what is tested is what the hash protects, not how slow it is. */
export const cheapHashParameters = 'argon2id$m=64,t=1,p=1'

const hasher = createPasswordHasher({
  random: systemRandomBytes,
  concurrencyMax: 2,
  queueMax: 100_000,
  parameters: cheapHashParameters,
})

export interface SeededApplication extends Application {
  readonly clientSecret: string
}

export async function seedTenant(store: Store, change: Partial<Tenant> = {}): Promise<Tenant> {
  const code = `t-${randomUUID()}`
  const tenant: Tenant = {
    id: newId(Date.now(), systemRandomBytes),
    code,
    name: 'Acme',
    domains: [`${code}.example`],
    language: 'en',
    timeZone: 'UTC',
    settings: defaultTenantSettings,
    ...change,
  }
  await store.transaction((repositories) => repositories.tenants.insert(tenant))
  return tenant
}

export async function seedApplication(
  store: Store,
  tenant: Tenant,
  permissions: readonly PermissionCode[] = ['user_all'],
  change: Partial<Application> = {},
): Promise<SeededApplication> {
  const clientSecret = randomBytes(24).toString('base64url')
  const application: Application = {
    tenantId: tenant.id,
    id: newId(Date.now(), systemRandomBytes),
    clientId: `client-${randomUUID()}`,
    name: 'Help desk',
    secretDigest: createHash('sha256').update(clientSecret).digest('hex'),
    permissions,
    grants: { codes: permissions, bundles: [] },
    allowedAddresses: [],
    disabled: false,
    tokenLifetimeSeconds: 1_800,
    version: 1,
    mayChangeAdministrators: false,
    resetsStoppedAt: undefined,
    resetOrganizationIds: undefined,
    objectModels: { organizations: true, roles: true, severalRoles: true },
    ...change,
  }
  await store.transaction((repositories) => repositories.applications.insert(application, Date.now()))
  return { ...application, clientSecret }
}

/** Its code, which `grants` of an application may name. */
export async function seedPermissionBundle(
  store: Store,
  tenant: Tenant,
  permissions: readonly PermissionCode[],
): Promise<string> {
  const code = `b-${randomUUID()}`
  await store.transaction(({ permissionBundles }) =>
    permissionBundles.put({ tenantId: tenant.id, code, name: code, permissions }),
  )
  return code
}

export interface SeededUser extends UserWithCredential {
  readonly password: string
}

/** A user with an own password, an e-mail address and a mobile number, all unique. */
export async function seedUser(
  store: Store,
  tenant: Tenant,
  change: Partial<UserWithCredential> = {},
): Promise<SeededUser> {
  const userName = change.userName ?? `alice-${randomUUID().slice(0, 8)}`
  const password = `Own-${randomUUID().replace(/\w{3}/g, '$&.')}`
  const salt = hasher.newSalt()
  const user: UserWithCredential = {
    tenantId: tenant.id,
    id: newId(Date.now(), systemRandomBytes),
    userName,
    name: 'Alice',
    email: `${normaliseKey(userName)}@acme.example`,
    mobile: `+86-138${String(randomBytes(4).readUInt32BE() % 100_000_000).padStart(8, '0')}`,
    organizationId: undefined,
    relations: [],
    language: undefined,
    timeZone: undefined,
    frozenAt: undefined,
    profile: {},
    extension: {},
    contactChangedAt: {},
    administratorRole: undefined,
    disabled: false,
    mustChangePassword: false,
    passwordChangedAt: undefined,
    lastSignInAt: undefined,
    lastSignInAddress: undefined,
    createdAt: Date.now(),
    updatedAt: Date.now(),
    credential: {
      salt,
      parameters: cheapHashParameters,
      digest: await hasher.hash(new Secret(password), salt, cheapHashParameters),
      resetId: undefined,
      version: 1,
    },
    ...change,
  }
  await store.transaction((repositories) => repositories.users.insert(user))
  return { ...user, password }
}

export interface SeededGateway {
  readonly name: string
  readonly channel: Channel
  readonly kind: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly priority?: number
}

export async function seedGateway(store: Store, tenant: Tenant, gateway: SeededGateway): Promise<void> {
  await store.transaction((repositories) =>
    repositories.gateways.put({
      tenantId: tenant.id,
      name: gateway.name,
      channel: gateway.channel,
      kind: gateway.kind,
      priority: gateway.priority ?? 1,
      settings: JSON.stringify(gateway.settings),
      disabled: false,
      version: Date.now(),
    }),
  )
}
