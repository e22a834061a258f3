import { beforeAll, describe, expect, it } from 'vitest'
import { newName, nobodysIds, useApplications } from '../../../../../../test/support/application-fixture.ts'
import { describeEachDatabase } from '../../../../../../test/support/databases.ts'

describeEachDatabase('GET /api/v2/tenant/applications/{app_id}/accounts', (kind) => {
  const fixture = useApplications(kind)
  let app = ''
  const ids: string[] = []

  /** Twelve public and two basic accounts. */
  beforeAll(async () => {
    const { application, user, create } = fixture()
    app = await application()
    for (let index = 0; index < 12; index += 1) {
      ids.push(await create(`${app}/accounts/public-account`, { account_name: newName() }))
    }
    for (const { id } of [await user(), await user()]) {
      ids.push(await create(`${app}/accounts/basic-account`, { user_id: id }))
    }
    await create(`${await application()}/accounts/public-account`, { account_name: newName() })
  })

  async function list(query: string) {
    const answer = await fixture().call('GET', `${app}/accounts?${query}`)
    const records = (answer.body.accounts ?? []) as { id: string; account_type: string }[]
    return { ...answer, total: answer.body.total, records, ids: records.map(({ id }) => id) }
  }

  it('200 pages through every account of the application once, in order of id', async () => {
    const pages = [await list('offset=0&limit=10'), await list('account_type=&offset=1&limit=10')]
    expect(pages.map(({ total, ids: found }) => [total, found.length])).toEqual([
      [14, 10],
      [14, 4],
    ])
    expect(pages.flatMap((page) => page.ids)).toEqual(ids.toSorted())
    expect((await list('offset=1000000000&limit=100')).records).toEqual([])
  })

  it.each([
    ['BASIC_ACCOUNT', 2],
    ['PUBLIC_ACCOUNT', 12],
    ['ORPHAN_ACCOUNT', 0],
  ])('200 lists accounts of type %s, and counts them', async (type, count) => {
    const { total, records } = await list(`account_type=${type}&offset=0&limit=100`)
    expect([total, records.length]).toEqual([count, count])
    expect(new Set(records.map((record) => record.account_type)).size).toBe(count === 0 ? 0 : 1)
  })

  it('200 lists each account as it is got by itself', async () => {
    const [record] = (await list('offset=0&limit=10')).records
    expect(await fixture().get(`${app}/accounts/${record?.id}`)).toEqual(record)
  })

  it.each(['account_type=basic_account', 'account_type=x', 'account_type=BASIC_ACCOUNT&account_type=x'])(
    'APP.ACCOUNT.0045 answers %s',
    async (type) => {
      const answer = await list(`${type}&offset=0&limit=10`)
      expect([answer.status, answer.body.error_code]).toEqual([400, 'APP.ACCOUNT.0045'])
    },
  )

  it.each(['limit=9', 'limit=101', 'limit=x', ''])('OAP.PAGE.0002 answers the size in %j', async (limit) => {
    expect((await list(`offset=0&${limit}`)).body.error_code).toBe('OAP.PAGE.0002')
  })

  it.each(['offset=-1', 'offset=x', ''])('OAP.PAGE.0003 answers the index in %j', async (offset) => {
    expect((await list(`limit=10&${offset}`)).body.error_code).toBe('OAP.PAGE.0003')
  })

  it.each(nobodysIds)('APP.0001 answers the application %s', async (id) => {
    const path = `/applications/${id}/accounts?offset=0&limit=10`
    expect(await fixture().outcome('GET', path)).toBe('APP.0001')
  })

  describe('GET …/accounts/{account_id}', () => {
    it('200 answers exactly the record of the contract', async () => {
      const { application, create, call } = fixture()
      const path = `${await application()}/accounts`
      const id = await create(`${path}/public-account`, { account_name: 'Desk' })
      expect((await call('GET', `${path}/${id}`)).text).toBe(
        `{"id":"${id}","account_name":"Desk","name":null,"org_id":null,"account_type":"PUBLIC_ACCOUNT",` +
          '"disabled":false,"attr_manager_id":null,"extension":{}}',
      )
    })

    it('APP.0001 and APP.ACCOUNT.0028 answer what is not there, in this application', async () => {
      const { application, outcome } = fixture()
      const other = await application()
      expect(await outcome('GET', `/applications/nobody/accounts/${ids[0]}`)).toBe('APP.0001')
      for (const id of [ids[0], ...nobodysIds]) {
        expect(await outcome('GET', `${other}/accounts/${id}`)).toBe('APP.ACCOUNT.0028')
      }
    })
  })
})
