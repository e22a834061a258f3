import { beforeAll, describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { refusals, statusFor, useOrganizations } from '../../../../../test/support/organization-fixture.ts'

describeEachDatabase('GET /api/v2/tenant/organizations', (kind) => {
  const fixture = useOrganizations(kind)
  const tree: Record<string, string> = {}

  /** Two roots; below the first two, one of which has eleven below it. */
  beforeAll(async () => {
    const { create } = fixture()
    tree.first = await create({ code: 'first' })
    tree.second = await create({ code: 'second' })
    tree.wide = await create({ code: 'wide', parent_id: tree.first })
    tree.leaf = await create({ code: 'leaf', parent_id: tree.first })
    for (let index = 0; index < 11; index += 1) {
      tree[`child${index}`] = await create({ code: `child${index}`, parent_id: tree.wide })
    }
  })

  async function list(query: string) {
    const answer = await fixture().call('GET', `?${query}`)
    const records = (answer.body.organizations ?? []) as { org_code: string; updated_at: string }[]
    return { ...answer, total: answer.body.total, records, codes: records.map(({ org_code }) => org_code) }
  }
  const children = Array.from({ length: 11 }, (_, index) => `child${index}`)

  it.each([
    ['', ['first', 'second']],
    ['org_id=&all_child=false', ['first', 'second']],
    ['all_child=&org_id=FIRST', ['leaf', 'wide']],
    ['all_child=False&org_id=FIRST', ['leaf', 'wide']],
    ['all_child=true&org_id=FIRST', [...children, 'leaf', 'wide']],
    ['all_child=true', [...children, 'first', 'leaf', 'second', 'wide']],
    ['all_child=True&org_id=WIDE', children],
    ['all_child=true&org_id=LEAF', []],
    ['org_id=SECOND', []],
    ['org_id=nobody&all_child=true', []],
    ['org_id=a%00b', []],
    ['org_id=%2F', []],
  ])('lists what %j asks for, and counts it', async (query, expected) => {
    const asked = query.replace(/org_id=([A-Z]+)$/, (_match, name) => `org_id=${tree[name.toLowerCase()]}`)
    const { status, total, codes } = await list(`${asked}&offset=0&limit=100`)
    expect([status, total, codes.toSorted()]).toEqual([200, expected.length, expected.toSorted()])
  })

  it('pages through every organisation once, parents before what is below them', async () => {
    const pages = [
      await list('all_child=true&offset=0&limit=10'),
      await list('all_child=true&offset=1&limit=10'),
    ]
    expect(pages.map(({ total, codes }) => [total, codes.length])).toEqual([
      [15, 10],
      [15, 5],
    ])
    const codes = pages.flatMap((page) => page.codes)
    expect(new Set(codes).size).toBe(15)
    expect(codes.indexOf('first')).toBeLessThan(codes.indexOf('wide'))
    expect(codes.indexOf('wide')).toBeLessThan(Math.min(...children.map((code) => codes.indexOf(code))))
    expect((await list('all_child=true&offset=1000000000&limit=100')).records).toEqual([])
  })

  it('lists a direct level in one order on every page', async () => {
    const both = await list(`org_id=${tree.wide}&offset=0&limit=100`)
    const first = await list(`org_id=${tree.wide}&offset=0&limit=10`)
    const second = await list(`org_id=${tree.wide}&offset=1&limit=10`)
    expect([...first.codes, ...second.codes]).toEqual(both.codes)
  })

  describe('updated_at_greater', () => {
    it('lists what changed strictly later, the newest first, within the branch that is asked for', async () => {
      const { create, call, get } = fixture()
      const [one, two] = [await create(), await create()]
      const three = await create({ parent_id: tree.leaf })
      await call('PUT', `/${one}`, { name: 'New' })
      const since = async (query: string) => (await list(`${query}&offset=0&limit=100`)).codes
      const before = encodeURIComponent(String((await get(String(tree.child10))).updated_at))
      const code = async (id: string) => (await get(id)).org_code
      const [codeOne, codeTwo, codeThree] = [await code(one), await code(two), await code(three)]
      expect(await since(`all_child=true&updated_at_greater=${before}`)).toEqual([
        codeOne,
        codeThree,
        codeTwo,
      ])
      expect(await since(`updated_at_greater=${before}`)).toEqual([codeOne, codeTwo])
      expect(await since(`org_id=${tree.first}&all_child=true&updated_at_greater=${before}`)).toEqual([
        codeThree,
      ])
      expect(await since(`org_id=${tree.leaf}&updated_at_greater=${before}`)).toEqual([codeThree])
      const newest = encodeURIComponent(String((await get(one)).updated_at))
      expect(await since(`all_child=true&updated_at_greater=${newest}`)).toEqual([])
      for (const id of [one, two, three]) {
        await call('DELETE', `/${id}`)
      }
    })

    it('never misses a change, however many are made at once while a client follows', async () => {
      const { create, call, get } = fixture()
      const ids = await Promise.all(Array.from({ length: 8 }, () => create()))
      const seen = new Map<string, string>()
      let since = String((await get(ids[0] ?? '')).updated_at).slice(0, 19)
      const follow = async () => {
        const { records } = await list(
          `all_child=true&updated_at_greater=${encodeURIComponent(since)}&offset=0&limit=100`,
        )
        for (const record of records as unknown as { org_id: string; name: string; updated_at: string }[]) {
          seen.set(record.org_id, record.name)
          since = record.updated_at > since ? record.updated_at : since
        }
      }
      let isOver = false
      const following = (async () => {
        while (!isOver) await follow()
      })()
      await Promise.all(
        ids.map(async (id) => {
          for (let round = 0; round < 8; round += 1) await call('PUT', `/${id}`, { name: `Round ${round}` })
        }),
      )
      isOver = true
      await following
      await follow()
      expect(ids.map((id) => seen.get(id))).toEqual(ids.map(() => 'Round 7'))
      await Promise.all(ids.map((id) => call('DELETE', `/${id}`)))
    })
  })

  it.each(['limit=9', 'limit=101', 'limit=x', ''])(
    'OAP.PAGE.0002 answers the page size in %j',
    async (limit) => {
      const answer = await list(`offset=0&${limit}`)
      expect([answer.status, answer.body.error_code]).toEqual([400, 'OAP.PAGE.0002'])
    },
  )

  it.each(['offset=-1', 'offset=x', 'offset=1000000001', ''])(
    'OAP.PAGE.0003 answers the page index in %j',
    async (offset) => {
      const answer = await list(`limit=10&${offset}`)
      expect([answer.status, answer.body.error_code]).toEqual([400, 'OAP.PAGE.0003'])
    },
  )

  it.each([
    'all_child=yes',
    'all_child=true&all_child=true',
    'org_id=a&org_id=b',
    'updated_at_greater=yesterday',
  ])('REQUEST.9002 answers %s', async (query) => {
    const answer = await list(`offset=0&limit=10&${query}`)
    expect([answer.status, answer.body.error_code]).toEqual([400, 'REQUEST.9002'])
  })

  it.each(refusals('read'))('refuses $name with $status', async ({ permissions, status }) => {
    expect(await statusFor(fixture(), permissions, 'GET', '?offset=0&limit=10')).toBe(status)
  })

  it.each(['org_read', 'org_all', 'all', 'read'] as const)('lets %s read', async (permission) => {
    expect(await statusFor(fixture(), [permission], 'GET', '?offset=0&limit=10')).toBe(200)
  })
})
