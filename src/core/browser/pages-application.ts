import type { Application } from '../applications/application.ts'

/** Stands where the record names the application that somebody signed in through; no application has such an id. */
export const PAGES_APPLICATION_ID = 'rekey-pages'

/**
 * What the employees' own pages are where signing in asks for an application. It is in no table: it has no secret and no
 * permission, no client can name it, and its sessions are good for the pages alone.
 */
export function pagesApplication(tenantId: string): Application {
  return {
    tenantId,
    id: PAGES_APPLICATION_ID,
    clientId: PAGES_APPLICATION_ID,
    name: 'Rekey',
    secretDigest: '',
    permissions: [],
    grants: { codes: [], bundles: [] },
    allowedAddresses: [],
    disabled: false,
    tokenLifetimeSeconds: 0,
    mayChangeAdministrators: false,
    resetsStoppedAt: undefined,
    resetOrganizationIds: undefined,
    objectModels: { organizations: false, roles: false, severalRoles: false },
    version: 1,
  }
}
