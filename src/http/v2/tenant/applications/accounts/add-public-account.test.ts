import { expect, it } from 'vitest'
import { newName, useApplications } from '../../../../../../test/support/application-fixture.ts'
import { describeEachDatabase } from '../../../../../../test/support/databases.ts'

describeEachDatabase('POST /api/v2/tenant/applications/{app_id}/accounts/public-account', (kind) => {
  const fixture = useApplications(kind)

  it('201 makes an account of nobody, and answers its id alone', async () => {
    const { application, call, create, get, newestRow } = fixture()
    const app = await application()
    const orgId = await create(`${app}/organizations`, { org_code: 'dev', name: 'Development' })
    const body = { account_name: 'Reception', name: 'Desk', org_code: 'dev', password: 'x', disabled: true }
    const answer = await call('POST', `${app}/accounts/public-account`, { ...body, extension: { a: 1 } })
    expect([answer.status, Object.keys(answer.body)]).toEqual([201, ['account_id']])
    const id = String(answer.body.account_id)
    expect(await get(`${app}/accounts/${id}`)).toEqual({
      id,
      account_name: 'Reception',
      name: 'Desk',
      org_id: orgId,
      account_type: 'PUBLIC_ACCOUNT',
      disabled: true,
      attr_manager_id: null,
      extension: { a: 1 },
    })
    const detail = { applicationId: app.split('/').at(-1), type: 'PUBLIC_ACCOUNT' }
    expect(await newestRow()).toMatchObject({ action: 'account.created', targetId: id, detail })
  })

  it('APP.0001 answers an application that the tenant does not have', async () => {
    const body = { account_name: newName() }
    const path = '/applications/nobody/accounts/public-account'
    expect(await fixture().outcome('POST', path, body)).toBe('APP.0001')
  })

  it('APP.ORG.0024 answers a code that no organisation of the application has', async () => {
    const { application, outcome } = fixture()
    const body = { account_name: newName(), org_code: 'nobody' }
    expect(await outcome('POST', `${await application()}/accounts/public-account`, body)).toBe('APP.ORG.0024')
  })

  it('APP.ACC.0013 answers a name that an account of any type has; one of many at once has it', async () => {
    const { application, user, outcome, create } = fixture()
    const app = await application()
    await create(`${app}/accounts/basic-account`, { user_id: (await user()).id, account_name: 'Desk' })
    const path = `${app}/accounts/public-account`
    expect(await outcome('POST', path, { account_name: 'desk' })).toBe('APP.ACC.0013')
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => outcome('POST', path, { account_name: 'Gate' })),
    )
    expect(outcomes.toSorted()).toEqual([201, ...Array(5).fill('APP.ACC.0013')])
  })

  it.each(['', ' a', 'a\0', 'x'.repeat(256)])('APP.ACCOUNT.9001 answers the name %j', async (name) => {
    const { application, outcome } = fixture()
    const path = `${await application()}/accounts/public-account`
    expect(await outcome('POST', path, { account_name: name })).toBe('APP.ACCOUNT.9001')
  })

  it('APP.ACCOUNT.9002 answers another attribute that cannot be kept', async () => {
    const { application, outcome } = fixture()
    const path = `${await application()}/accounts/public-account`
    for (const more of [{ name: 'a\0' }, { extension: { 'a\0': 1 } }]) {
      expect(await outcome('POST', path, { account_name: newName(), ...more })).toBe('APP.ACCOUNT.9002')
    }
  })

  it.each([{}, { account_name: null }, { account_name: 'a', name: 1 }])(
    'REQUEST.9002 answers %j',
    async (body) => {
      const { application, outcome } = fixture()
      expect(await outcome('POST', `${await application()}/accounts/public-account`, body)).toBe(
        'REQUEST.9002',
      )
    },
  )
})
