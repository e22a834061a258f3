import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PermissionCode, permissionCodes } from '../../src/core/permissions/permission-codes.ts'
import { toJsonSchema } from '../../src/http/openapi/json-schema.ts'
import { sampleOf } from '../../src/http/openapi/sample-of.ts'
import { isManagement, type Route } from '../../src/http/route.ts'
import { routeTable } from '../../src/http/route-table.ts'
import { describeEachDatabase } from '../support/databases.ts'
import { type SeededApplication, seedApplication, seedPermissionBundle } from '../support/seed-tenant.ts'
import { startApp, type TestApp } from '../support/start-app.ts'
import { codeOf, parse } from './find-fault.ts'
import { deviceHeaders } from './prepare-call.ts'
import { type SampleCompany, seedSampleCompany } from './sample-company.ts'
import { type ReceivedAnswer, send } from './send.ts'

/** Said again from the contract's section 1, so that a slip in the server's own table shows. */
function isEnough(granted: PermissionCode, needed: PermissionCode): boolean {
  if (needed === 'user_reset') return ['user_reset', 'user_all', 'all'].includes(granted)
  const isRead = needed === 'read' || needed.endsWith('_read')
  const group = needed.replace(/_?(all|read)$/, '')
  const all = group === '' ? 'all' : `${group}_all`
  return granted === 'all' || granted === all || (isRead && (granted === 'read' || granted === needed))
}

const places = routeTable.flatMap((route) =>
  [route.path, ...(route.aliases ?? [])].map((path) => [`${route.method} ${path}`, route, path] as const),
)
const managementPlaces = places.filter(([, route]) => isManagement(route.permission))
const sdkPlaces = places.filter(([, route]) => route.permission === 'sdk')
const openPlaces = places.filter(([, route]) => route.permission === 'none')
const serverPlaces = places.filter(([, route]) => route.permission === 'server')

interface Client {
  readonly application: SeededApplication
  readonly token: string
}

interface BundledClient extends Client {
  /** By itself or through the bundle. */
  readonly granted: readonly PermissionCode[]
}

describeEachDatabase('who may call', (kind) => {
  let app: TestApp
  let company: SampleCompany
  let other: SampleCompany
  const clients = new Map<PermissionCode, Client>()
  const foreigners = new Map<PermissionCode, Client>()
  const leavers = new Map<PermissionCode, Client>()
  const disabled = new Map<PermissionCode, Client>()
  /** May call from an address that the test does not have. */
  const elsewhere = new Map<PermissionCode, Client>()
  const bundled: BundledClient[] = []

  async function addClient(at: SampleCompany, code: PermissionCode): Promise<Client> {
    const application = await seedApplication(app.database.store, at.tenant, [code])
    return { application, token: await at.accessToken(application) }
  }

  /** One whose bundle holds `inBundle`; the bundle came to hold it after the application had it and its token. */
  async function addBundledClient(
    inBundle: readonly PermissionCode[],
    codes: readonly PermissionCode[] = [],
  ): Promise<BundledClient> {
    const { store } = app.database
    const { tenant } = company
    const code = await seedPermissionBundle(store, tenant, [])
    const grants = { codes, bundles: [code] }
    const application = await seedApplication(store, tenant, codes, { grants })
    const token = await company.accessToken(application)
    await store.transaction(({ permissionBundles }) =>
      permissionBundles.put({ tenantId: tenant.id, code, name: code, permissions: inBundle }),
    )
    return { application, token, granted: [...codes, ...inBundle] }
  }

  beforeAll(async () => {
    app = await startApp(kind)
    company = await seedSampleCompany(app)
    other = await seedSampleCompany(app)
    for (const code of permissionCodes) {
      leavers.set(code, await addClient(company, code))
      disabled.set(code, await addClient(company, code))
    }
    // past the lifetime of those tokens; what is fetched from now on is good
    app.clock.advance(3_600_000)
    for (const code of permissionCodes) {
      clients.set(code, await addClient(company, code))
      foreigners.set(code, await addClient(other, code))
      const { application } = disabled.get(code) as Client
      disabled.set(code, { application, token: await company.accessToken(application) })
      await change(application, { disabled: true, version: application.version + 1 })
      const misplaced = await addClient(company, code)
      await change(misplaced.application, { allowedAddresses: ['192.0.2.0/24', '2001:db8::/32'] })
      elsewhere.set(code, misplaced)
    }
    for (const [index, code] of permissionCodes.entries()) {
      const other = permissionCodes.at(index - 3) ?? code
      bundled.push(await addBundledClient([code]), await addBundledClient([code], [other]))
    }
    bundled.push(await addBundledClient([]), await addBundledClient(['user_read', 'user_reset']))
  }, 120_000)

  afterAll(() => app.close())

  async function change(application: SeededApplication, changes: Partial<SeededApplication>): Promise<void> {
    await app.database.store.transaction(({ applications }) =>
      applications.update({ ...application, ...changes }, Date.now()),
    )
  }

  async function call(
    route: Route,
    path: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<{ answer: ReceivedAnswer; code: string | undefined }> {
    const answer = await send(company.port, {
      method: route.method,
      target: path.replace(/:\w+/g, 'nobody'),
      headers: { host: company.host, 'content-type': 'application/json', ...headers },
      body: route.body === undefined ? undefined : JSON.stringify(sampleOf(toJsonSchema(route.body))),
    })
    return { answer, code: codeOf(parse(answer.text)) }
  }

  const bearer = (client: Client | undefined) => ({ authorization: `Bearer ${client?.token}` })

  it('finds routes of every kind', () => {
    expect([managementPlaces, sdkPlaces, openPlaces, serverPlaces].map(({ length }) => length > 0)).toEqual(
      Array(4).fill(true),
    )
  })

  it.each(managementPlaces)(
    '%s: exactly applications with a permission that does',
    async (_name, route, path) => {
      for (const granted of permissionCodes) {
        const { answer, code } = await call(route, path, bearer(clients.get(granted)))
        const isRefused = code === 'insufficient_scope' || answer.status === 401
        expect([granted, isRefused]).toEqual([
          granted,
          !isEnough(granted, route.permission as PermissionCode),
        ])
        if (isRefused) expect([granted, answer.status, code]).toEqual([granted, 403, 'insufficient_scope'])
      }
    },
  )

  it.each(managementPlaces)(
    '%s: exactly applications with a bundle that does, as the bundle is now',
    async (_name, route, path) => {
      for (const client of bundled) {
        const { granted } = client
        const { answer, code } = await call(route, path, bearer(client))
        const isRefused = code === 'insufficient_scope' || answer.status === 401
        const mayCall = granted.some((one) => isEnough(one, route.permission as PermissionCode))
        expect([granted, isRefused]).toEqual([granted, !mayCall])
        if (isRefused) expect([granted, answer.status, code]).toEqual([granted, 403, 'insufficient_scope'])
      }
    },
  )

  it.each(managementPlaces)(
    '%s: nobody from an address that is not allowed, whatever the application may do',
    async (_name, route, path) => {
      for (const granted of permissionCodes) {
        const { answer, code } = await call(route, path, bearer(elsewhere.get(granted)))
        expect([granted, answer.status, code]).toEqual([granted, 401, 'invalid_token'])
        expect(answer.headers['x-error-detail']).toBe('address_not_allowed')
        expect(answer.headers['www-authenticate']).toBe('Bearer')
      }
    },
  )

  it.each(sdkPlaces)(
    '%s: people at any address, wherever their application may call from',
    async (_name, route, path) => {
      const { clientId } = (elsewhere.get('all') as Client).application
      const { answer, code } = await call(route, path, { ...deviceHeaders, 'X-client-id': clientId })
      expect(code).not.toBe('SDK.COMMON.1012')
      expect(answer.headers['x-error-detail']).not.toBe('address_not_allowed')
    },
  )

  it.each(managementPlaces)('%s: nobody whose token is not good here', async (_name, route, path) => {
    const tokens: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
      ['none', {}],
      ['of another scheme', { authorization: `Basic ${clients.get('all')?.token}` }],
      ['unknown', { authorization: 'Bearer unknown' }],
      ...permissionCodes.flatMap((granted) => [
        [`expired, ${granted}`, bearer(leavers.get(granted))] as const,
        [`of another tenant, ${granted}`, bearer(foreigners.get(granted))] as const,
        [`of a disabled application, ${granted}`, bearer(disabled.get(granted))] as const,
      ]),
    ]
    for (const [what, headers] of tokens) {
      const { answer, code } = await call(route, path, headers)
      expect([what, answer.status, code]).toEqual([what, 401, 'invalid_token'])
      expect(answer.headers['www-authenticate']).toBe('Bearer')
    }
  })

  it.each(sdkPlaces)('%s: only applications of the tenant that are enabled', async (_name, route, path) => {
    const clientIds = [
      ['unknown', 'nobody'],
      ['of another tenant', foreigners.get('all')?.application.clientId ?? ''],
      ['disabled', disabled.get('all')?.application.clientId ?? ''],
    ] as const
    for (const [what, clientId] of clientIds) {
      const { code } = await call(route, path, { ...deviceHeaders, 'X-client-id': clientId })
      expect([what, code]).toEqual([what, 'SDK.COMMON.1012'])
    }
    expect((await call(route, path, {})).code).toBe('SDK.COMMON.1001')
    const admitted = await call(route, path, deviceHeaders)
    expect(admitted.code).not.toBe('SDK.COMMON.1012')
  })

  it.each([...managementPlaces, ...sdkPlaces, ...openPlaces])(
    '%s: nobody at a host of no tenant, whatever is sent along',
    async (_name, route, path) => {
      const headers = { host: 'nowhere.example', ...bearer(clients.get('all')), ...deviceHeaders }
      const { answer, code } = await call(route, path, headers)
      expect([answer.status, code]).toEqual([404, 'REQUEST.9009'])
    },
  )

  it.each(openPlaces)('%s: anybody at the host of a tenant', async (_name, route, path) => {
    const { answer } = await call(route, path, {})
    expect(answer.status).not.toBe(403)
    expect(answer.status).not.toBe(404)
  })

  it.each(serverPlaces)('%s: anybody at any host', async (_name, route, path) => {
    const { answer } = await call(route, path, { host: 'nowhere.example' })
    expect(answer.status).toBe(200)
  })
})
