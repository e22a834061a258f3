import { ApiError } from '../../errors/api-error.ts'
import type { Organization, Repositories } from '../../store/store.ts'
import { EXTENSION_PREFIX } from '../attributes/attribute-definition.ts'
import { type AttributeValues, extensionValues, findAttributeFault } from '../attributes/check-attributes.ts'
import { keepUnique } from '../attributes/keep-unique.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { OrganizationChanges } from './organization-calls.ts'

type Attributes = Pick<Organization, 'code' | 'name' | 'category' | 'extension'>

/**
 * What the tenant asks of an organisation's attributes.
 * @param changes what the call names; undefined: a new organisation
 * @throws ApiError ORG.0011, ORG.9007 one that must be there, ORG.9002, ORG.9003, ORG.9004 one that is not as defined
 */
export function requireDefined(
  tenant: Tenant,
  after: Attributes,
  changes: OrganizationChanges | undefined,
): void {
  const { organizations: definitions } = tenant.settings.attributes
  const given = changes && namesIn(changes, definitions)
  const fault = findAttributeFault(definitions, organizationValues(after), given)
  if (fault === undefined) {
    return
  }
  const { name, reason } = fault
  if (reason === 'empty') {
    throw name === 'category'
      ? new ApiError('ORG.0011')
      : new ApiError('ORG.9007', { params: [name], detail: name })
  }
  if (name === 'code' || name === 'name') {
    throw new ApiError(name === 'code' ? 'ORG.9002' : 'ORG.9003', { detail: name })
  }
  throw new ApiError('ORG.9004', { params: [name], detail: name })
}

/** @throws ApiError ORG.9008 a value is another organisation's; call as `keepUnique` says */
export async function keepOrganizationUnique(
  repositories: Repositories,
  tenant: Tenant,
  organization: Organization,
): Promise<void> {
  const values = organizationValues(organization)
  const owner = { tenant, kind: 'organizations', ownerId: organization.id } as const
  const taken = await keepUnique(repositories, { ...owner, values })
  if (taken !== undefined) {
    throw new ApiError('ORG.9008', { params: [taken], detail: taken })
  }
}

export function organizationValues({ code, name, category, extension }: Attributes): AttributeValues {
  const own = Object.entries({ code, name, category }).filter(([, value]) => value !== undefined)
  return new Map<string, unknown>([...own, ...extensionValues(extension)])
}

/** An extension is replaced whole, so a change of it names every attribute of the tenant's own. */
function namesIn(
  changes: OrganizationChanges,
  definitions: readonly { readonly name: string }[],
): ReadonlySet<string> {
  const { extension } = changes
  const own = extension === undefined ? [] : definitions.map(({ name }) => name)
  return new Set([
    ...(['code', 'name', 'category'] as const).filter((name) => changes[name] !== undefined),
    ...own.filter((name) => name.startsWith(EXTENSION_PREFIX)),
    ...Object.keys(extension ?? {}).map((key) => EXTENSION_PREFIX + key),
  ])
}
