import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { newMobile, newUserName, userRefusals, useUsers } from '../../../../../test/support/user-fixture.ts'

describeEachDatabase('imports of users over HTTP', (kind) => {
  const fixture = useUsers(kind)
  const call = (method: string, path: string, body?: unknown) => fixture().callImports(method, path, body)
  const start = async (options: Record<string, unknown> = {}) => {
    const { status, body, text } = await call('POST', '', { rows_total: 3, ...options })
    expect(text).toContain('import_id')
    expect(status).toBe(201)
    return `/${String(body.import_id)}`
  }
  const byName = (userName: string) => fixture().call('POST', '/user-by-username', { user_name: userName })

  it('settles rows, refuses those that are wrong, and is finished with the last', async () => {
    const path = await start()
    const [first, second] = [newUserName(), newUserName()]
    const rows = [
      { user_name: first, email: `${first}@acme.example` },
      { user_name: second, email: 'no' },
    ]
    const answer = await call('POST', `${path}/rows`, { first_row: 1, rows })
    expect(answer).toMatchObject({
      status: 200,
      body: {
        ...{ state: 'open', position: 2, created: 1, failed: 1, updated: 0, unchanged: 0, rows_total: 3 },
        errors: [
          {
            row: 2,
            field: 'email',
            error_code: 'USER.9005',
            error_msg: 'The user attribute email is invalid',
          },
        ],
      },
    })
    const last = await call('POST', `${path}/rows`, {
      first_row: 3,
      rows: [{ user_name: second, disabled: true }],
    })
    expect(last.body).toMatchObject({ state: 'finished', position: 3, created: 2, failed: 1, errors: [] })
    expect((await byName(first)).body).toMatchObject({ email: `${first}@acme.example`, disabled: false })
    expect((await byName(second)).body).toMatchObject({ disabled: true })
  })

  it('answers rows that were settled before as the first time, and does nothing twice', async () => {
    const path = await start()
    const rows = [{ user_name: newUserName() }, { user_name: ' ' }]
    const first = await call('POST', `${path}/rows`, { first_row: 1, rows })
    expect(await call('POST', `${path}/rows`, { first_row: 1, rows })).toMatchObject({
      status: 200,
      body: first.body,
    })
    const overlapping = [...rows, { user_name: newUserName() }]
    const { body } = await call('POST', `${path}/rows`, { first_row: 1, rows: overlapping })
    expect(body).toMatchObject({ position: 3, created: 2, failed: 1, state: 'finished' })
  })

  it('takes the same rows once, however many calls bring them at the same time', async () => {
    const path = await start()
    const rows = [1, 2, 3].map(() => ({ user_name: newUserName() }))
    const sent = { first_row: 1, rows }
    const answers = await Promise.all([1, 2, 3, 4].map(() => call('POST', `${path}/rows`, sent)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect((await call('GET', path)).body).toMatchObject({ created: 3, failed: 0, position: 3 })
  })

  it('counts users as single calls do', async () => {
    const total = async () => (await fixture().call('GET', '?offset=0&limit=10')).body.total
    const before = Number(await total())
    const path = await start()
    await call('POST', `${path}/rows`, {
      first_row: 1,
      rows: [{ user_name: newUserName() }, { user_name: newUserName() }],
    })
    expect(await total()).toBe(before + 2)
  })

  it('goes by the rules of single calls, rows of the same call included', async () => {
    const path = await start({ rows_total: 9 })
    const [mobile, name] = [newMobile(), newUserName()]
    const email = `${name}@acme.example`
    const rows = [
      { user_name: name, mobile, email },
      { user_name: name.toUpperCase() },
      { user_name: newUserName(), mobile },
      { user_name: newUserName(), email: email.toUpperCase() },
      { user_name: newUserName(), org_code: 'nowhere' },
      { user_name: newUserName(), mobile: '12' },
      { user_name: newUserName(), password: 'short' },
      { user_name: newUserName(), attr_birthday: '2000-02-30' },
      { name: 'Nobody' },
    ]
    const { body } = await call('POST', `${path}/rows`, { first_row: 1, rows })
    const errors = body.errors as readonly { row: number; field: string; error_code: string }[]
    expect(errors.map(({ row, field, error_code }) => [row, field, error_code])).toEqual([
      [2, 'user_name', 'USER.9002'],
      [3, 'mobile', 'USER.9003'],
      [4, 'email', 'USER.9004'],
      [5, 'org_code', 'ORG.0001'],
      [6, 'mobile', 'USER.0038'],
      [7, 'password', 'PWD.0002'],
      [8, 'attr_birthday', 'USER.9005'],
      [9, 'user_name', 'USER.9007'],
    ])
    expect((await call('GET', path)).body).toMatchObject({ created: 1, failed: 8, errors })
    expect((await call('GET', `${path}?after_row=7`)).body.errors).toHaveLength(2)
  })

  it('changes who is there where it may, and what a row leaves out stays', async () => {
    const { code } = await fixture().createOrganization()
    const [id, other] = [
      await fixture().create({ user_name: newUserName(), name: 'Alice', employee_id: 'E1' }),
      await fixture().create(),
    ]
    const { user_name: name } = await fixture().get(id)
    const { user_name: otherName } = await fixture().get(other)
    const path = await start({ update: true, rows_total: 5 })
    const rows = [
      { user_name: name, org_code: code, disabled: true },
      { user_name: otherName },
      { user_name: name, email: 'new@acme.example', disabled: false },
      { user_name: newUserName() },
      { user_name: name, extension: { level: 3 }, attr_city: '' },
    ]
    const { body } = await call('POST', `${path}/rows`, { first_row: 1, rows })
    expect(body).toMatchObject({ created: 1, updated: 3, unchanged: 1, failed: 0 })
    expect(await fixture().get(id)).toMatchObject({
      ...{ name: 'Alice', employee_id: 'E1', email: 'new@acme.example', disabled: false },
      extension: { level: 3 },
    })
  })

  it('hands a contact on that an earlier row gave up', async () => {
    const mobile = newMobile()
    const id = await fixture().create({ mobile })
    const { user_name: name } = await fixture().get(id)
    const path = await start({ update: true, rows_total: 2 })
    const rows = [
      { user_name: name, mobile: null },
      { user_name: newUserName(), mobile },
    ]
    expect((await call('POST', `${path}/rows`, { first_row: 1, rows })).body).toMatchObject({
      ...{ updated: 1, created: 1, failed: 0 },
    })
  })

  it('does not change people with an administrative role, and has the attempt on record', async () => {
    const owner = await fixture().seed({ administratorRole: 'owner' })
    const path = await start({ update: true, rows_total: 1 })
    const rows = [{ user_name: owner.userName, email: 'evil@acme.example' }]
    const { body } = await call('POST', `${path}/rows`, { first_row: 1, rows })
    expect(body.errors).toMatchObject([{ row: 1, field: 'user_name', error_code: 'USER.9006' }])
    const recorded = await fixture().database.store.read.audit.list(fixture().tenant.id, 5)
    expect(recorded).toContainEqual(
      expect.objectContaining({
        action: 'user.change_refused',
        targetId: owner.id,
        detail: { operation: 'import', reason: 'protected_user' },
      }),
    )
  })

  describe('refuses', () => {
    it('rows that do not follow on: IMPORT.9003', async () => {
      const path = await start()
      const answer = await call('POST', `${path}/rows`, {
        first_row: 2,
        rows: [{ user_name: newUserName() }],
      })
      expect(answer).toMatchObject({ status: 409, body: { error_code: 'IMPORT.9003' } })
      expect(answer.headers.get('x-error-detail')).toBe('1')
    })

    it('more rows than were announced: IMPORT.9004', async () => {
      const path = await start({ rows_total: 1 })
      const rows = [{ user_name: newUserName() }, { user_name: newUserName() }]
      expect(await call('POST', `${path}/rows`, { first_row: 1, rows })).toMatchObject({
        ...{ status: 409, body: { error_code: 'IMPORT.9004' } },
      })
      expect((await call('GET', path)).body).toMatchObject({ position: 0 })
    })

    it('an unknown import: IMPORT.9001', async () => {
      const rows = { first_row: 1, rows: [{ user_name: newUserName() }] }
      for (const answer of [
        await call('GET', '/nobody'),
        await call('GET', '/no%00body'),
        await call('POST', '/nobody/rows', rows),
      ]) {
        expect(answer).toMatchObject({ status: 400, body: { error_code: 'IMPORT.9001' } })
      }
    })

    it('what is no import: REQUEST.9002', async () => {
      const path = await start()
      for (const answer of [
        await call('POST', '', {}),
        await call('POST', '', { rows_total: 1, deliver_initial: 'FAX' }),
        await call('POST', `${path}/rows`, { first_row: 1, rows: [] }),
        await call('POST', `${path}/rows`, { first_row: 1, rows: Array(501).fill({}) }),
        await call('POST', `${path}/rows`, { first_row: 1, rows: [{ user_name: 1 }] }),
        await call('GET', `${path}?after_row=x`),
      ]) {
        expect(answer).toMatchObject({ status: 400, body: { error_code: 'REQUEST.9002' } })
      }
    })

    it('takes 500 rows of a user with everything, beyond the size of other bodies', async () => {
      const path = await start({ rows_total: 500 })
      const rows = Array.from({ length: 500 }, () => ({
        user_name: newUserName(),
        attr_city: 'x'.repeat(250),
      }))
      expect((await call('POST', `${path}/rows`, { first_row: 1, rows })).body).toMatchObject({
        created: 500,
      })
    })

    it.each(userRefusals('write'))('writes of $name', async ({ status, permissions }) => {
      if (permissions === 'none' || permissions === 'unknown') return
      const answer = await fixture().callWith(
        permissions,
        'POST',
        '/api/v2/tenant/user-imports',
        '{"rows_total":1}',
      )
      expect(answer.status).toBe(status)
    })

    it('rows for an import of another application, which may still look at it', async () => {
      const path = await start()
      const place = `/api/v2/tenant/user-imports${path}`
      const rows = JSON.stringify({ first_row: 1, rows: [{ user_name: newUserName() }] })
      const answer = await fixture().callWith(['user_all'], 'POST', `${place}/rows`, rows)
      expect(answer).toMatchObject({ status: 400, body: { error_code: 'IMPORT.9001' } })
      expect((await fixture().callWith(['user_read'], 'GET', place)).status).toBe(200)
    })
  })
})
