import { beforeAll, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { useHttp } from '../../../../../test/support/http-fixture.ts'
import { seedTenant, seedUser } from '../../../../../test/support/seed-tenant.ts'
import { useUsers } from '../../../../../test/support/user-fixture.ts'

interface Page {
  readonly total: number
  readonly users: readonly { readonly user_id: string }[]
}

describeEachDatabase('GET /api/v2/tenant/users', (kind) => {
  const http = useHttp(kind, { timeZone: 'America/New_York' })
  const updatedAt = Date.parse('2026-06-01T16:00:00.000Z') // 12:00 in New York
  const ids: string[] = []

  beforeAll(async () => {
    const { database, tenant } = http()
    const organization = {
      tenantId: tenant.id,
      id: `org-${tenant.id}`,
      code: 'it',
      name: 'IT',
      parentId: undefined,
      category: undefined,
      sequence: undefined,
      language: undefined,
      disabled: false,
      extension: {},
      createdAt: 0,
      updatedAt: 0,
    }
    await database.store.transaction((repositories) => repositories.organizations.insert(organization))
    for (let index = 0; index < 23; index += 1) {
      const organizationId = index < 3 ? organization.id : undefined
      const changes = { organizationId, updatedAt: updatedAt + index * 1_000 }
      ids.push((await seedUser(database.store, tenant, changes)).id)
    }
    await seedUser(database.store, await seedTenant(database.store))
  })

  async function list(query: string) {
    const answer = await http().callWith(['user_read'], 'GET', `/api/v2/tenant/users?${query}`)
    return { ...answer, page: answer.body as unknown as Page }
  }

  it('pages by index through every user of the tenant once, and nobody else', async () => {
    const seen: string[] = []
    for (const [offset, count] of [10, 10, 3, 0].entries()) {
      const { status, page } = await list(`org_id=&offset=${offset}&limit=10`)
      expect([status, page.total, page.users.length]).toEqual([200, 23, count])
      seen.push(...page.users.map((user) => user.user_id))
    }
    expect(seen.toSorted()).toEqual(ids.toSorted())
  })

  it('lists the direct members of an organisation', async () => {
    const { page } = await list(`org_id=org-${http().tenant.id}&offset=0&limit=100`)
    expect(page.total).toBe(3)
    expect(page.users.map((user) => user.user_id).toSorted()).toEqual(ids.slice(0, 3).toSorted())
  })

  it.each(['nobody', 'a%00b', '%27'])(
    'lists nobody of an organisation that does not exist: %s',
    async (id) => {
      expect((await list(`org_id=${id}&offset=0&limit=10`)).page).toEqual({ total: 0, users: [] })
    },
  )

  it('lists who changed strictly later than a time in the zone of the tenant', async () => {
    const after = await list('updated_at_greater=2026-06-01%2012:00:20&offset=0&limit=10')
    expect(after.page.total).toBe(2)
    expect(after.page.users.map((user) => user.user_id)).toEqual([ids[22], ids[21]])
    const plus = await list('updated_at_greater=2026-06-01+12:00:21.999&offset=0&limit=10')
    expect(plus.page.users.map((user) => user.user_id)).toEqual([ids[22]])
    expect((await list('updated_at_greater=&offset=0&limit=10')).page.total).toBe(23)
  })

  it.each([
    'limit=9',
    'limit=101',
    'limit=',
    'limit=ten',
    'limit=-10',
    'limit=10.5',
    'limit=10&limit=10',
    'limit=1e1',
    '',
  ])('OAP.PAGE.0002 answers the page size in %j', async (limit) => {
    const answer = await list(`offset=0&${limit}`)
    expect([answer.status, answer.body.error_code]).toEqual([400, 'OAP.PAGE.0002'])
  })

  it.each([
    'offset=-1',
    'offset=',
    'offset=x',
    'offset=1&offset=2',
    'offset=99999999999999999999',
    'offset=1000000001',
    '',
  ])('OAP.PAGE.0003 answers the page index in %j', async (offset) => {
    const answer = await list(`limit=10&${offset}`)
    expect([answer.status, answer.body.error_code]).toEqual([400, 'OAP.PAGE.0003'])
  })

  it.each(['updated_at_greater=yesterday', 'updated_at_greater=2026-02-30%2000:00:00', 'org_id=a&org_id=b'])(
    'REQUEST.9002 answers %s',
    async (query) => {
      const answer = await list(`offset=0&limit=10&${query}`)
      expect([answer.status, answer.body.error_code]).toEqual([400, 'REQUEST.9002'])
    },
  )

  it('reaches a page far behind the last one', async () => {
    expect((await list('offset=1000000000&limit=100')).page).toEqual({ total: 23, users: [] })
  })

  it('insufficient_scope answers an application that may not read users', async () => {
    expect((await http().callWith([], 'GET', '/api/v2/tenant/users?offset=0&limit=10')).status).toBe(403)
  })

  it('invalid_token answers who brings no token', async () => {
    expect((await fetch(`${http().server.url}/api/v2/tenant/users`)).status).toBe(401)
  })

  it('lists changes the newest first, and an organisation by its main members', async () => {
    const { page } = await list('updated_at_greater=2026-06-01%2012:00:19&offset=0&limit=10')
    expect(page.users.map((user) => user.user_id)).toEqual([ids[22], ids[21], ids[20]])
  })
})

describeEachDatabase('GET /api/v2/tenant/users with updated_at_greater', (kind) => {
  const fixture = useUsers(kind)

  it('never misses a change, however many are made at once while a client follows, and a clock is set back', async () => {
    const { create, call, get, clock } = fixture()
    const ids = await Promise.all(Array.from({ length: 8 }, () => create()))
    const seen = new Map<string, string>()
    let since = String((await get(ids[0] ?? '')).updated_at).slice(0, 19)
    const follow = async () => {
      const query = `?updated_at_greater=${encodeURIComponent(since)}&offset=0&limit=100`
      const records = (await call('GET', query)).body.users as Record<string, string>[]
      for (const record of records) {
        seen.set(String(record.user_id), `${record.name} ${record.disabled}`)
        since = String(record.updated_at) > since ? String(record.updated_at) : since
      }
    }
    let isOver = false
    const following = (async () => {
      while (!isOver) await follow()
    })()
    await Promise.all(
      ids.map(async (id) => {
        for (let round = 0; round < 6; round += 1) {
          await call('PUT', `/${id}`, { name: `Round ${round}` })
          if (round === 3) clock.advance(-2)
        }
        await call('PUT', `/${id}/disable`)
      }),
    )
    isOver = true
    await following
    await follow()
    expect(ids.map((id) => seen.get(id))).toEqual(ids.map(() => 'Round 5 true'))
  })

  it('keeps the total right while users come and go at once', async () => {
    const { create, call } = fixture()
    const total = async () => Number((await call('GET', '?offset=0&limit=10')).body.total)
    const before = await total()
    const ids = await Promise.all(Array.from({ length: 10 }, () => create()))
    await Promise.all([
      ...ids.slice(0, 6).map((id) => call('DELETE', `/${id}`)),
      ...Array.from({ length: 3 }, () => create()),
    ])
    expect(await total()).toBe(before + 7)
  })
})
