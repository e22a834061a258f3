import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { chosenPassword } from '../../../test/support/passwords.ts'
import { type SignInFixture, useSignIn } from '../../../test/support/sign-in-fixture.ts'

describeEachDatabase('the history of passwords', (kind) => {
  const fixture = useSignIn(kind)
  const chosen = chosenPassword

  /** The fixture under a policy that remembers this many. */
  function remembering(history: number): SignInFixture['tenant'] {
    const { tenant } = fixture()
    const passwordPolicy = { ...tenant.settings.passwordPolicy, history }
    return { ...tenant, settings: { ...tenant.settings, passwordPolicy } }
  }

  async function change(userName: string, from: string, to: string, history: number): Promise<void> {
    const f = fixture()
    const answer = await f.signIn(userName, from)
    if (answer.status !== 'SUCCESS') throw new Error(`answered ${answer.status}`)
    await f.change(answer.idToken, from, to, { tenant: remembering(history) })
  }

  test('refuses each of the newest passwords, and no older one', async () => {
    const f = fixture()
    const { userName, password } = await f.user()
    const used = [password]
    for (const next of [chosen(), chosen(), chosen()]) {
      await change(userName, used.at(-1) ?? '', next, 2)
      used.push(next)
    }
    const [first, second, third, present] = used as [string, string, string, string]
    for (const earlier of [second, third]) {
      await expect(change(userName, present, earlier, 2)).rejects.toMatchObject({ code: 'PWD.9003' })
    }
    await expect(change(userName, present, present, 2)).rejects.toMatchObject({ code: 'PWD.9002' })
    await change(userName, present, first, 2)
    expect(await f.signIn(userName, first)).toMatchObject({ status: 'SUCCESS' })
  })

  test('costs one hash for each salt among them', async () => {
    const f = fixture()
    const { userName, password } = await f.user()
    const [one, two] = [chosen(), chosen()]
    await change(userName, password, one, 5)
    await change(userName, one, two, 5)
    f.takeHashCount()
    await change(userName, two, chosen(), 5)
    expect(f.takeHashCount()).toBe(5) // signing in, the old, two earlier, the new
  })

  test('forgets what a smaller history no longer holds, with the next change', async () => {
    const f = fixture()
    const user = await f.user()
    const used = [user.password, chosen(), chosen(), chosen()]
    for (const [index, next] of used.slice(1).entries()) {
      await change(user.userName, used[index] ?? '', next, 5)
    }
    expect(await historyOf(user.id)).toHaveLength(3)
    const next = chosen()
    await change(user.userName, used[3] ?? '', next, 1)
    expect(await historyOf(user.id)).toHaveLength(1)
    await change(user.userName, next, used[0] ?? '', 0)
    expect(await historyOf(user.id)).toEqual([])
  })

  test('holds what a delivered password replaced, and the delivered one afterwards', async () => {
    const f = fixture()
    const user = await f.user()
    const reset = await f.reset(user, 'accepted')
    const stateToken = await f.stateToken(user.userName, reset.password)
    const usedBefore = f.update(stateToken, reset.password, user.password)
    await expect(usedBefore).rejects.toMatchObject({ code: 'PWD.9003' })
    const next = chosen()
    await f.update(stateToken, reset.password, next)
    await expect(change(user.userName, next, reset.password, 5)).rejects.toMatchObject({ code: 'PWD.9003' })
  })

  const historyOf = (userId: string) =>
    fixture().database.store.read.users.listPasswordHistory(fixture().tenant.id, userId, 50)
})
