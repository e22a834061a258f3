import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { chosenPassword } from '../../../../../test/support/passwords.ts'
import { useSdk } from '../../../../../test/support/sdk-fixture.ts'
import { DAY_MS } from '../../../../core/clock.ts'

describeEachDatabase('GET /api/v2/sdk/pwd/skip-update', (kind) => {
  const fixture = useSdk(kind, {}, { maximumAgeDays: 90, warnDays: 7 })

  async function signedInAtAge(days: number) {
    const { client, clock, ...f } = fixture()
    const user = await f.user({ passwordChangedAt: clock.now() - days * DAY_MS })
    const answer = await client.signIn(user.userName, user.password)
    return { user, answer, stateToken: String(answer.body.state_token) }
  }

  test('200 exchanges the token of a warning for a session, once, and the password stays', async () => {
    const { client, ...f } = fixture()
    const { user, answer, stateToken } = await signedInAtAge(85)
    expect(answer.text).toMatch(/^\{"status":"PASSWORD_WARN","state_token":"[\w-]{43}"\}$/)
    const skipped = await client.skipUpdate(stateToken)
    expect(skipped.status).toBe(200)
    expect(Object.keys(skipped.body)).toEqual(['status', 'session_token', 'expire', 'id_token'])
    expect(skipped.body).toMatchObject({ status: 'SUCCESS', expire: 43_200 })
    expect((await client.skipUpdate(stateToken)).body.error_code).toBe('SDK.COMMON.1005')
    expect((await client.signIn(user.userName, user.password)).body.status).toBe('PASSWORD_WARN')
    expect(await f.actions(user.id)).toEqual([
      'sign_in.succeeded',
      'password.update_skipped',
      'sign_in.succeeded',
    ])
    const changed = await client.changePassword(
      String(skipped.body.id_token),
      user.password,
      chosenPassword(),
    )
    expect(changed.status).toBe(200)
  })

  test('the same token changes the password instead', async () => {
    const { client } = fixture()
    const { user, stateToken } = await signedInAtAge(85)
    const password = chosenPassword()
    const updated = await client.updatePassword(stateToken, user.password, password)
    expect(updated.body).toMatchObject({ status: 'SUCCESS', expire: 43_200 })
    expect((await client.signIn(user.userName, password)).body.status).toBe('SUCCESS')
    expect((await client.skipUpdate(stateToken)).body.error_code).toBe('SDK.COMMON.1005')
  })

  test('SDK.COMMON.1005 for a token that must change the password: expired by age, delivered, must_change', async () => {
    const { client, ...f } = fixture()
    const expired = await signedInAtAge(91)
    expect(expired.answer.body.status).toBe('PASSWORD_EXPIRED')
    const user = await f.user()
    const reset = await f.reset(user, 'accepted')
    const delivered = await client.signIn(user.userName, reset.password)
    const other = await f.user({ mustChangePassword: true })
    const mustChange = await client.signIn(other.userName, other.password)
    for (const token of [expired.stateToken, delivered.body.state_token, mustChange.body.state_token]) {
      const answer = await client.skipUpdate(String(token))
      expect([answer.status, answer.text]).toEqual([
        400,
        '{"error_code":"SDK.COMMON.1005","error_msg":"X-state-token has expired."}',
      ])
    }
    // they are still good for what they were given for
    expect(
      (await client.updatePassword(expired.stateToken, expired.user.password, chosenPassword())).status,
    ).toBe(200)
  })

  test('SDK.COMMON.1005 for a token that is unknown, out of time, or older than a change of the password', async () => {
    const { client, clock, database, tenant } = fixture()
    expect((await client.skipUpdate('unknown')).body.error_code).toBe('SDK.COMMON.1005')
    const { user, stateToken } = await signedInAtAge(85)
    await database.store.transaction((repositories) =>
      repositories.users.bumpCredentialVersion(tenant.id, user.id),
    )
    expect((await client.skipUpdate(stateToken)).body.error_code).toBe('SDK.COMMON.1005')
    const late = await signedInAtAge(85)
    clock.advance(15 * 60_000)
    expect((await client.skipUpdate(late.stateToken)).body.error_code).toBe('SDK.COMMON.1005')
  })

  test('SDK.COMMON.1001 without a token', async () => {
    const answer = await fixture().client.skipUpdate(' ')
    expect([answer.status, answer.body.error_code]).toEqual([400, 'SDK.COMMON.1001'])
  })
})
