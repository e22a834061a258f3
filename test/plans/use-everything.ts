import { expect } from 'vitest'
import { MINUTE_MS } from '../../src/core/clock.ts'
import { notMeToken } from '../../src/core/reset/not-me-token.ts'
import { type ApiClient, createApiClient } from '../support/api-client.ts'
import { createPageClient } from '../support/page-client.ts'
import { chosenPassword, expectMustChange, expectSignsIn } from '../support/passwords.ts'
import { seedApplication, seedPermissionBundle } from '../support/seed-tenant.ts'
import type { TestApp } from '../support/start-app.ts'
import { waitUntil } from '../support/wait-until.ts'
import { seedWebhook } from '../support/webhook-fixture.ts'

/** Resets, sign-ins, changes and lists over HTTP, each once. Whoever adds an operation adds its call here. */
export async function useEverything(test: TestApp): Promise<void> {
  const { client, addUser, smtp } = test
  const { store } = test.database
  await seedWebhook({ store, seal: test.app.seal }, test.tenant, { name: 'hr', url: test.sms.url })
  const alice = await addUser()
  const session = await expectSignsIn(client, alice.userName, alice.password)
  for (const [name, password] of [
    [alice.userName, 'wrong'],
    ['nobody', 'wrong'],
  ] as const) {
    expect((await client.signIn(name, password)).status).toBe(400)
  }
  const chosen = chosenPassword()
  const changed = await client.changePassword(String(session.body.id_token), alice.password, chosen)
  expect(changed.status).toBe(200)
  await waitUntil(async () => smtp.mails.some(({ to }) => to.includes(alice.email ?? ''))) // the notice
  for (const mode of [undefined, 'revoke-now']) {
    const headers = { 'idempotency-key': mode ?? 'the default' }
    for (const _repeat of [1, 2]) {
      expect((await client.resetPassword(alice.id, 'EMAIL', headers, mode)).status).toBe(200)
    }
  }
  const delivered = await test.readMailedPassword()
  const stateToken = await expectMustChange(client, alice.userName, delivered)
  expect((await client.updatePassword(stateToken, delivered, chosenPassword())).status).toBe(200)
  await useLists(test, alice)
  await useBoundApplications(test)
  await usePages(test)
  await disown(test, alice)
}

/** What an application may do by a bundle, and from where it may not. */
async function useBoundApplications({ database, tenant, url }: TestApp): Promise<void> {
  const { store } = database
  const bundle = await seedPermissionBundle(store, tenant, ['user_read'])
  const grants = { codes: [], bundles: [bundle] }
  const allowedAddresses = ['192.0.2.0/24']
  for (const [change, status] of [
    [{ grants }, 200],
    [{ grants, allowedAddresses }, 401],
  ] as const) {
    const application = await seedApplication(store, tenant, [], change)
    const answer = await createApiClient(url, application).call('POST', '/api/v2/tenant/token', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=client_credentials&client_id=${application.clientId}&client_secret=${application.clientSecret}`,
    })
    expect(answer.status).toBe(status)
  }
}

/** A browser's session from its beginning to its end. */
async function usePages({ url, addUser, clock }: TestApp): Promise<void> {
  const user = await addUser()
  const client = createPageClient(url)
  await client.get('/sign-in')
  const names = { login_name: user.userName, password: user.password }
  expect((await client.submit('/sign-in', names)).location).toBe('/account')
  clock.advance(2 * MINUTE_MS)
  expect((await client.get('/account')).status).toBe(200)
  await client.submit('/language', { language: 'zh', from: 'account' })
  await client.get('/account/password')
  const passwords = { old_password: user.password, new_password: chosenPassword() }
  await client.submit('/account/password', passwords)
  await client.get('/account')
  await client.submit('/account/sessions/end', {})
  await client.get('/account')
  expect((await client.submit('/sign-out', {})).status).toBe(303)
}

/** Page and deed of "this was not me". */
async function disown({ app, tenant, database }: TestApp, alice: { readonly id: string }): Promise<void> {
  const [{ id: resetId } = { id: '' }] = await database.store.read.resets.list(tenant.id, alice.id, 1)
  const token = notMeToken(app.seal.mac, tenant.id, { kind: 'reset', resetId })
  expect(await app.core.findDisownable(tenant, token)).toMatchObject({ isDone: false })
  const call = { tenant, token, address: undefined, requestId: 'request-1' }
  expect(await app.core.disownReset(call)).toEqual({ kind: 'frozen' })
}

async function useLists(
  { database, tenant, url }: TestApp,
  alice: { readonly id: string; readonly userName: string },
): Promise<void> {
  const application = await seedApplication(database.store, tenant, ['all'])
  const client: ApiClient = createApiClient(url, application)
  const headers = { authorization: `Bearer ${await client.token()}`, 'content-type': 'application/json' }
  const call = async (method: string, path: string, body?: object) => {
    const answer = await client.call(method, `/api/v2/tenant/${path}`, {
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    expect(`${method} ${path}: ${answer.status}`).toMatch(/: 20\d$/)
    return answer.body
  }
  const root = String((await call('POST', 'organizations', { code: 'root', name: 'Root' })).org_id)
  const page = 'limit=20&offset=0'
  for (const query of [page, `${page}&org_id=${root}`, `${page}&updated_at_greater=2020-01-01%2000:00:00`]) {
    await call('GET', `users?${query}`)
    await call('GET', `organizations?${query}`)
    await call('GET', `organizations?${query}&all_child=true`)
  }
  const child = await call('POST', 'organizations', { code: 'child', name: 'Child', parent_id: root })
  await call('PUT', `organizations/${String(child.org_id)}`, { name: 'Other' })
  await call('GET', `organizations/${root}`)
  await call('GET', 'organizations/org-codes/ROOT')
  await useDefinitions(call, root)
  await call('DELETE', `organizations/${String(child.org_id)}`)
  await call('GET', `users/${alice.id}`)
  await call('POST', 'users/user-by-username', { user_name: alice.userName })
  await useUsers(call)
  await useWebhooks(call)
  await call('PUT', `users/${alice.id}/disable`)
  await call('PUT', `users/${alice.id}/enable`)
}

async function useDefinitions(call: Call, root: string): Promise<void> {
  for (const [kind, code] of [
    ['users', 'employee_id'],
    ['organizations', 'extension.cost'],
  ] as const) {
    await call('POST', `attribute-definitions/${kind}`, { code, unique: true })
    await call('GET', `attribute-definitions/${kind}`)
    await call('GET', `attribute-definitions/${kind}/${code}`)
    await call('PUT', `attribute-definitions/${kind}/${code}`, { unique: false })
    await call('PUT', `organizations/${root}`, { extension: { cost: 7 } })
    await call('PUT', `attribute-definitions/${kind}/${code}`, { unique: true })
    await call('DELETE', `attribute-definitions/${kind}/${code}`)
  }
}

/** An event that was delivered, once more. */
async function useWebhooks(call: Call): Promise<void> {
  const delivered = async () =>
    (await call('GET', 'webhooks/deliveries?state=delivered&offset=0&limit=10')).deliveries as {
      id: string
    }[]
  await waitUntil(async () => (await delivered()).length > 0)
  await call('POST', `webhooks/deliveries/${(await delivered())[0]?.id}/resend`)
}

type Call = (method: string, path: string, body?: object) => Promise<Record<string, unknown>>

async function useUsers(call: Call): Promise<void> {
  const password = chosenPassword()
  const list = [{ org_code: 'root', relation_type: 1 }]
  const email = 'bob@acme.example'
  const names = { user_name: 'bob', email, org_code: 'root', user_org_relation_list: list, password }
  const id = String((await call('POST', 'users', names)).user_id)
  await call('POST', 'users/user-by-email', { email })
  await call('PUT', `users/${id}`, { email: `new-${email}`, org_code: '' })
  const second = chosenPassword()
  await call('PUT', `users/${id}/change-password`, { password: second })
  await call('PUT', `users/${id}/change-password-verify`, {
    password: chosenPassword(),
    old_password: second,
  })
  await useImports(call)
  await call('DELETE', `users/${id}`)
}

async function useImports(
  call: (method: string, path: string, body?: object) => Promise<Record<string, unknown>>,
): Promise<void> {
  const started = { rows_total: 24, update: true, deliver_initial: 'EMAIL', per_minute: 6_000 }
  const path = `user-imports/${String((await call('POST', 'user-imports', started)).import_id)}`
  const rows = Array.from({ length: 22 }, (_, index) => ({
    ...{ user_name: `imported-${index}`, email: `imported-${index}@acme.example`, org_code: 'root' },
    ...{ mobile: `+86-1390000${1_000 + index}`, user_org_relation_list: [{ org_code: 'root' }] },
  }))
  await call('POST', `${path}/rows`, { first_row: 1, rows })
  const more = [
    { user_name: 'imported-1', name: 'Other' },
    { user_name: 'imported-2', email: 'no' },
  ]
  expect((await call('POST', `${path}/rows`, { first_row: 23, rows: more })).failed).toBe(1)
  const isDelivered = async () =>
    JSON.stringify((await call('GET', path)).first_passwords).includes('delivered')
  await waitUntil(isDelivered)
}
