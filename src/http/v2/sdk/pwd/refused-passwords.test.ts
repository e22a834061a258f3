import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { chosenPassword } from '../../../../../test/support/passwords.ts'
import { type SdkFixture, useSdk } from '../../../../../test/support/sdk-fixture.ts'
import type { SeededUser } from '../../../../../test/support/seed-tenant.ts'
import { DAY_MS } from '../../../../core/clock.ts'

const UPDATE_BY_EMAIL = '/api/v2/sdk/after-login/pwd/update-by-email'

const ways = {
  async change({ client }: SdkFixture, user: SeededUser, password: string) {
    const { body } = await client.signIn(user.userName, user.password)
    return await client.changePassword(String(body.id_token), user.password, password)
  },
  async update({ client, reset }: SdkFixture, user: SeededUser, password: string) {
    const delivered = await reset(user, 'accepted')
    const { body } = await client.signIn(user.userName, delivered.password)
    return await client.updatePassword(String(body.state_token), delivered.password, password)
  },
} as const

describeEachDatabase('a password that somebody chooses and the policy refuses', (kind) => {
  const fixture = useSdk(kind, {}, { history: 3 })

  test.each([
    ['change', 'PWD.0003', (user: SeededUser) => user.userName],
    ['change', 'PWD.0004', (user: SeededUser) => [...user.userName].toReversed().join('')],
    ['change', 'PWD.0006', () => 'Password1234!'],
    ['update', 'PWD.0003', (user: SeededUser) => user.userName],
    ['update', 'PWD.0004', (user: SeededUser) => [...user.userName].toReversed().join('')],
  ] as const)('/pwd/%s: %s, and the old one stays', async (way, code, choose) => {
    const user = await fixture().user({ userName: `Somebody-${randomUUID().slice(0, 8)}` })
    const before = await fixture().findUser(user)
    const answer = await ways[way](fixture(), user, choose(user))
    expect([answer.status, answer.body.error_code]).toEqual([400, code])
    if (way === 'change') expect((await fixture().findUser(user)).credential).toEqual(before.credential)
  })

  test('/pwd/change: PWD.9003 for the one before', async () => {
    const user = await fixture().user()
    const next = chosenPassword()
    expect((await ways.change(fixture(), user, next)).status).toBe(200)
    const answer = await ways.change(fixture(), { ...user, password: next }, user.password)
    expect([answer.status, answer.body.error_code]).toEqual([400, 'PWD.9003'])
  })
})

// a tenant file cannot say this; one that was changed between warning and choice can
const early = { minimumAgeHours: 2_400, maximumAgeDays: 90, warnDays: 30 }

describeEachDatabase('a password that is too young to be changed', (kind) => {
  const fixture = useSdk(kind, {}, early)

  async function warned() {
    const { client, clock, ...f } = fixture()
    const user = await f.user({ passwordChangedAt: clock.now() - 75 * DAY_MS })
    const { body } = await client.signIn(user.userName, user.password)
    expect(body.status).toBe('PASSWORD_WARN')
    return { user, stateToken: String(body.state_token) }
  }

  test('/pwd/change: PWD.9004 with Retry-After', async () => {
    const { client } = fixture()
    const { user, stateToken } = await warned()
    const { body } = await client.skipUpdate(stateToken)
    const answer = await client.changePassword(String(body.id_token), user.password, chosenPassword())
    expect([answer.status, answer.body.error_code]).toEqual([400, 'PWD.9004'])
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test('/pwd/update: PWD.9004', async () => {
    const { user, stateToken } = await warned()
    const answer = await fixture().client.updatePassword(stateToken, user.password, chosenPassword())
    expect([answer.status, answer.body.error_code]).toEqual([400, 'PWD.9004'])
  })

  test('/after-login/pwd/update-by-email: PWD.9004', async () => {
    const { user, stateToken } = await warned()
    const code = await fixture().code(user, 'CHANGE_PWD_EMS')
    const body = { verify_code: code, new_password: chosenPassword() }
    const answer = await fixture().post(UPDATE_BY_EMAIL, body, { 'x-state-token': stateToken })
    expect([answer.status, answer.body.error_code]).toEqual([400, 'PWD.9004'])
  })
})

describeEachDatabase('GET /api/v2/sdk/pwd/skip-update beyond the limit of an address', (kind) => {
  const fixture = useSdk(kind, { perAddressPerMinute: 1 })

  test('SDK.LOGIN.9002', async () => {
    await fixture().client.skipUpdate('x')
    expect((await fixture().client.skipUpdate('x')).body.error_code).toBe('SDK.LOGIN.9002')
  })
})
