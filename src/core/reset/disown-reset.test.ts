import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { aReset, aSession } from '../../../test/support/sample-rows.ts'
import { type SeededUser, seedTenant } from '../../../test/support/seed-tenant.ts'
import { useSignIn } from '../../../test/support/sign-in-fixture.ts'
import { CommitInDoubtError } from '../../errors/store-error.ts'
import { DAY_MS } from '../clock.ts'
import { Secret } from '../secret.ts'
import { enableUserAsOperator } from '../users/change-user-state.ts'
import { DISOWN_WITHIN_MS, disownOwnReset, disownReset, type Frozen, findDisownable } from './disown-reset.ts'
import { notMeToken } from './not-me-token.ts'

const WRONG = { code: 'SDK.LOGIN.1005' }

describeEachDatabase('"this was not me"', (kind) => {
  const fixture = useSignIn(kind)
  const told: Frozen[] = []
  const deps = () => ({ ...fixture().deps, onFrozen: (frozen: Frozen) => told.push(frozen) })
  const tokenOf = (resetId: string) =>
    notMeToken(fixture().deps.mac, fixture().tenant.id, { kind: 'reset', resetId })
  const press = (token: Secret, tenant = fixture().tenant) =>
    disownReset(deps(), { tenant, token, address: '192.0.2.1', requestId: 'request-1' })
  const look = (token: Secret, tenant = fixture().tenant) => findDisownable(deps(), tenant, token)
  const enable = (user: SeededUser) =>
    enableUserAsOperator(fixture().database.store, {
      tenant: fixture().tenant,
      userId: user.id,
      requestId: 'request-2',
    })

  describe('about a reset', () => {
    it.each(['sending', 'unknown', 'accepted'] as const)(
      'that is %s: its password never signs in, before nor after the user is enabled again',
      async (state) => {
        const f = fixture()
        const user = await f.user()
        const reset = await f.reset(user, state)
        expect(await press(tokenOf(reset.id))).toEqual({ kind: 'frozen' })
        await expect(f.signIn(user.userName, reset.password)).rejects.toMatchObject(WRONG)
        expect(await f.findUser(user)).toMatchObject({ disabled: true })
        expect(await f.findReset(reset)).toMatchObject({ state: 'superseded', detail: 'disowned' })
        await enable(user)
        await expect(f.signIn(user.userName, reset.password)).rejects.toMatchObject(WRONG)
        expect(await f.findUser(user)).toMatchObject({ disabled: false })
      },
    )

    it('keeps a password that stood before it, which signs in once the user is enabled', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'unknown')
      await press(tokenOf(reset.id))
      expect(await f.signIn(user.userName, user.password)).toEqual({ status: 'ACCESS_DENIED' })
      await enable(user)
      expect(await f.signIn(user.userName, user.password)).toMatchObject({ status: 'SUCCESS' })
    })

    it('that was used: the state token and everything chosen by it are void', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      const stateToken = await f.stateToken(user.userName, reset.password)
      await press(tokenOf(reset.id))
      await expect(f.update(stateToken, reset.password, `Chosen-${randomUUID()}`)).rejects.toMatchObject({
        code: 'SDK.COMMON.1005',
      })
      await enable(user)
      expect((await f.findUser(user)).credential).toMatchObject({ digest: undefined, resetId: undefined })
    })

    it('that was completed: the password that somebody chose, and their session, are void', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      const stateToken = await f.stateToken(user.userName, reset.password)
      const chosen = `Chosen-${randomUUID()}`
      const signedIn = await f.update(stateToken, reset.password, chosen)
      await press(tokenOf(reset.id))
      await enable(user)
      await expect(f.signIn(user.userName, chosen)).rejects.toMatchObject(WRONG)
      const change = f.change(signedIn.idToken, chosen, `Again-${randomUUID()}`)
      await expect(change).rejects.toMatchObject({ code: 'invalid_token' })
      expect(await f.findReset(reset)).toMatchObject({ state: 'completed', disownedAt: expect.any(Number) })
      const history = await f.database.store.read.users.listPasswordHistory(user.tenantId, user.id, 10)
      expect(history).toHaveLength(3) // the first, the delivered, the chosen one: none comes back
    })

    it('ends every other open reset too, and sessions; all of it on record in one transaction', async () => {
      const f = fixture()
      const user = await f.user()
      const [first, second] = [await f.reset(user, 'unknown'), await f.reset(user, 'unknown')]
      await f.database.store.transaction((repositories) => repositories.sessions.insert(aSession(user)))
      await press(tokenOf(first.id))
      expect(await f.findReset(second)).toMatchObject({ state: 'superseded', detail: 'disowned' })
      const rows = await f.database.store.read.audit.list(f.tenant.id, 10_000)
      const about = rows.filter((row) => row.targetId === user.id || row.targetId === first.id)
      const ended = { voidedPassword: false, endedSessions: 1, endedStateTokens: 0 }
      const common = { actor: { kind: 'anonymous', id: undefined }, requestId: 'request-1' }
      expect(about.find((row) => row.action === 'user.disabled')).toMatchObject({ ...common, detail: ended })
      const disowned = about.find((row) => row.action === 'reset.disowned')
      expect(disowned).toMatchObject({ ...common, targetKind: 'reset', targetId: first.id, detail: ended })
      expect(disowned?.detail).toMatchObject({ userId: user.id, wasDisabled: false })
      expect(disowned?.detail.supersededResets).toEqual([second.id, first.id])
      expect(told.filter(({ userId }) => userId === user.id)).toEqual([
        { userId: user.id, resetId: first.id },
      ])
    })

    it('pressed again, at once and by many, changes and records nothing more', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      const answers = await Promise.all(Array.from({ length: 5 }, () => press(tokenOf(reset.id))))
      expect(answers.map((answer) => answer?.kind).toSorted()).toEqual([
        ...Array.from({ length: 4 }, () => 'done_before'),
        'frozen',
      ])
      const actions = await f.actions(reset.id)
      expect(actions.filter((action) => action === 'reset.disowned')).toHaveLength(1)
    })

    it('pressed after somebody enabled the user does nothing, whichever message of before it is in', async () => {
      const f = fixture()
      const user = await f.user()
      const [first, second] = [await f.reset(user, 'unknown'), await f.reset(user, 'accepted')]
      await press(tokenOf(first.id))
      await enable(user)
      const after = await f.findUser(user)
      expect(await press(tokenOf(first.id))).toEqual({ kind: 'done_before' })
      expect(await press(tokenOf(second.id))).toEqual({ kind: 'done_before' })
      expect(await look(tokenOf(second.id))).toMatchObject({ isDone: true })
      expect(await f.findUser(user)).toEqual(after)
    })

    it('freezes again for a reset that came after', async () => {
      const f = fixture()
      const user = await f.user()
      await press(tokenOf((await f.reset(user, 'unknown')).id))
      await enable(user)
      f.clock.advance(1)
      const next = await f.reset(user, 'accepted')
      expect(await press(tokenOf(next.id))).toEqual({ kind: 'frozen' })
    })

    it('voids what is newer for a user who was disabled already, so that enabling brings nothing back', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      const stateToken = await f.stateToken(user.userName, reset.password)
      const chosen = `Chosen-${randomUUID()}`
      await f.update(stateToken, reset.password, chosen)
      await f.database.store.transaction((repositories) =>
        repositories.users.setDisabled(user.tenantId, user.id, true, Date.now()),
      )
      expect(await press(tokenOf(reset.id))).toEqual({ kind: 'frozen' })
      expect(await f.actions(user.id)).not.toContain('user.disabled')
      await enable(user)
      await expect(f.signIn(user.userName, chosen)).rejects.toMatchObject(WRONG)
    })

    it('freezes a person with an administrative role like everybody: it is their own word', async () => {
      const f = fixture()
      const owner = await f.user({ administratorRole: 'owner' })
      const reset = await f.reset(owner, 'accepted')
      expect(await press(tokenOf(reset.id))).toEqual({ kind: 'frozen' })
      expect(await f.findUser(owner)).toMatchObject({ disabled: true, administratorRole: 'owner' })
    })

    it('freezes wholly or not at all, and knows which when the answer to its COMMIT is lost', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      const before = [await f.findUser(user), await f.findReset(reset), await f.actions(user.id)]
      const { store } = f.deps
      const pressOn = (transaction: typeof store.transaction) =>
        disownReset(
          { ...deps(), store: { read: store.read, transaction } },
          { tenant: f.tenant, token: tokenOf(reset.id), address: undefined, requestId: 'request-1' },
        )
      // everything is written, and nothing committed
      const undone = pressOn((work) =>
        store.transaction(async (repositories) => {
          await work(repositories)
          throw new CommitInDoubtError('the line is gone')
        }),
      )
      await expect(undone).rejects.toThrow('the line is gone')
      expect([await f.findUser(user), await f.findReset(reset), await f.actions(user.id)]).toEqual(before)
      const done = pressOn(async (work) => {
        await store.transaction(work)
        throw new CommitInDoubtError('the line is gone')
      })
      expect(await done).toEqual({ kind: 'frozen' })
      await expect(f.signIn(user.userName, reset.password)).rejects.toMatchObject(WRONG)
    })

    it('lets of a sign-in with the delivered password and it at once no session or token live on', async () => {
      const f = fixture()
      for (let round = 0; round < 5; round += 1) {
        const user = await f.user()
        const reset = await f.reset(user, 'unknown')
        const [signedIn, disowned] = await Promise.allSettled([
          f.stateToken(user.userName, reset.password),
          press(tokenOf(reset.id)),
        ])
        expect(disowned).toMatchObject({ status: 'fulfilled', value: { kind: 'frozen' } })
        if (signedIn.status === 'fulfilled') {
          const update = f.update(signedIn.value, reset.password, `Chosen-${randomUUID()}`)
          await expect(update).rejects.toMatchObject({ code: 'SDK.COMMON.1005' })
        }
        await enable(user)
        await expect(f.signIn(user.userName, reset.password)).rejects.toMatchObject(WRONG)
      }
    })
  })

  it('about a password that was changed otherwise voids it and freezes the account', async () => {
    const f = fixture()
    const user = await f.user()
    const signedIn = await f.signIn(user.userName, user.password)
    const idToken = signedIn.status === 'SUCCESS' ? signedIn.idToken : new Secret('')
    const chosen = `Chosen-${randomUUID()}`
    await f.change(idToken, user.password, chosen)
    const changedAt = (await f.findUser(user)).passwordChangedAt ?? 0
    const disputed = { kind: 'password', userId: user.id, changedAt } as const
    const token = notMeToken(f.deps.mac, f.tenant.id, disputed)
    expect(await look(token)).toMatchObject({ about: 'password', sentTo: undefined, occurredAt: changedAt })
    expect(await press(token)).toEqual({ kind: 'frozen' })
    expect(await f.actions(user.id)).toContain('password.disowned')
    await enable(user)
    await expect(f.signIn(user.userName, chosen)).rejects.toMatchObject(WRONG)
    expect(await press(token)).toEqual({ kind: 'done_before' })
  })

  describe('its page', () => {
    it('says what it is about and where it went, and changes nothing however often it is opened', async () => {
      const f = fixture()
      const user = await f.user({ timeZone: 'Asia/Shanghai' })
      const reset = await f.reset(user, 'accepted')
      const before = await f.findUser(user)
      const { preparedAt, destinationMasked: masked } = await f.findReset(reset)
      for (let opened = 0; opened < 3; opened += 1) {
        expect(await look(tokenOf(reset.id))).toEqual({
          about: 'reset',
          occurredAt: preparedAt,
          timeZone: 'Asia/Shanghai',
          sentTo: { channel: 'EMAIL', masked },
          isDone: false,
        })
      }
      expect(await f.findUser(user)).toEqual(before)
      expect(await f.stateToken(user.userName, reset.password)).toBeInstanceOf(Secret)
    })

    it('answers a token alike that is changed, cut, of nobody, of another tenant, or a week old', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      const token = tokenOf(reset.id)
      const shown = token.reveal()
      const other = await seedTenant(f.database.store)
      const forged = [
        `${shown.slice(0, -1)}${shown.endsWith('A') ? 'B' : 'A'}`,
        shown.slice(0, -1),
        `${shown}A`,
        shown.replace('-', '.'),
        '',
        'a\u0000b',
        'x'.repeat(10_000),
      ].map((text) => new Secret(text))
      for (const wrong of [...forged, tokenOf('20260101000000000-0000-000000000')]) {
        expect([await look(wrong), await press(wrong)]).toEqual([undefined, undefined])
      }
      expect([await look(token, other), await press(token, other)]).toEqual([undefined, undefined])
      const { preparedAt } = await f.findReset(reset)
      const aWeekOld = aReset(user, { state: 'completed', sequence: 99, preparedAt: preparedAt - 8 * DAY_MS })
      await f.database.store.transaction((repositories) => repositories.resets.insert(aWeekOld))
      expect(DISOWN_WITHIN_MS).toBe(7 * DAY_MS)
      expect([await look(tokenOf(aWeekOld.id)), await press(tokenOf(aWeekOld.id))]).toEqual([
        undefined,
        undefined,
      ])
      expect(await f.findUser(user)).toMatchObject({ disabled: false })
    })

    it('is short enough for a line of a mail, and made of characters that a URL keeps', () => {
      expect(tokenOf('20251122210700000-0A1B-2C3D4E5F6').reveal()).toMatch(/^[\w.-]{49}$/)
    })
  })

  it('is answered 429 beyond the tenant’s limit for one address', async () => {
    const f = fixture()
    const { settings } = f.tenant
    const tenant = {
      ...f.tenant,
      id: f.tenant.id,
      settings: { ...settings, signIn: { ...settings.signIn, perAddressPerMinute: 1 } },
    }
    const call = { tenant, token: new Secret('x'), address: '198.51.100.7', requestId: 'request-1' }
    expect(await disownReset(deps(), call)).toBeUndefined()
    await expect(disownReset(deps(), call)).rejects.toMatchObject({ code: 'SDK.LOGIN.9002' })
  })

  describe('by somebody who is signed in', () => {
    const own = (user: SeededUser, resetId: string) =>
      disownOwnReset(deps(), { tenant: fixture().tenant, userId: user.id, resetId, requestId: 'request-3' })

    it('freezes their account, as their own doing', async () => {
      const f = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'unknown')
      expect(await own(user, reset.id)).toEqual({ kind: 'frozen' })
      const rows = await f.database.store.read.audit.list(f.tenant.id, 10_000)
      const row = rows.find(({ action, targetId }) => action === 'reset.disowned' && targetId === reset.id)
      expect(row?.actor).toEqual({ kind: 'user', id: user.id })
      expect(await own(user, reset.id)).toEqual({ kind: 'done_before' })
    })

    it('is about a reset of theirs only', async () => {
      const f = fixture()
      const [user, other] = [await f.user(), await f.user()]
      const reset = await f.reset(other, 'accepted')
      for (const id of [reset.id, 'nothing', 'a\u0000b']) {
        expect(await own(user, id)).toBeUndefined()
      }
      expect(await f.findUser(other)).toMatchObject({ disabled: false })
    })
  })
})
