import { describe, expect, it } from 'vitest'
import { applyText, createApplyTools } from '../../../test/support/apply-fixture.ts'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { aReset } from '../../../test/support/sample-rows.ts'
import type { SeededUser } from '../../../test/support/seed-tenant.ts'
import { type DeliveredReset, useSignIn } from '../../../test/support/sign-in-fixture.ts'
import { openStates, type Reset, type ResetState } from './reset-state.ts'
import { withdrawForChangedContact, withdrawResets } from './withdraw-resets.ts'

type State = 'sending' | 'unknown' | 'accepted' | 'used'

// reset protocol, rule 8
describeEachDatabase('a change that takes over', (kind) => {
  const fixture = useSignIn(kind)

  /** A delivered password in this state, and the version that the user then has. */
  async function deliver(
    user: SeededUser,
    state: State,
  ): Promise<DeliveredReset & { readonly version: number }> {
    const f = fixture()
    const delivered = await f.reset(user, state === 'used' ? 'accepted' : state)
    if (state === 'used') {
      await f.stateToken(user.userName, delivered.password)
    }
    return { ...delivered, version: (await f.findUser(user)).credential.version }
  }

  describe('withdrawResets', () => {
    const states: readonly ResetState[] = [
      'completed',
      'failed',
      'superseded',
      'expired',
      'prepared',
      'unknown',
      'accepted',
      'used',
    ]

    it('supersedes every open reset and touches no other', async () => {
      const f = fixture()
      const user = await f.user()
      const rows = states.map((state, index) =>
        aReset(user, { state, sequence: index + 1, detail: 'as-it-was' }),
      )
      const isOpen = (row: Reset) => (openStates as readonly ResetState[]).includes(row.state)
      const withdrawn = await f.database.store.transaction(async (repositories) => {
        for (const row of rows) {
          await repositories.resets.insert(row)
        }
        return await withdrawResets(repositories, { user, reason: 'password_changed' })
      })
      expect(withdrawn.supersededIds.toSorted()).toEqual(
        rows
          .filter(isOpen)
          .map(({ id }) => id)
          .toSorted(),
      )
      for (const row of rows) {
        const { digest: _digest, ...stored } = await f.findReset({ id: row.id, password: '' })
        const { digest: _before, ...before } = row
        const ended = { state: 'superseded', detail: 'password_changed' }
        const released = { leaseToken: undefined, leaseExpiresAt: undefined }
        expect(stored).toEqual(isOpen(row) ? { ...before, ...ended, ...released } : before)
      }
    })

    it('says whether the current password is void by that, and leaves the credential to its caller', async () => {
      const f = fixture()
      const [delivered, own] = [await f.user(), await f.user()]
      await deliver(delivered, 'accepted')
      await deliver(own, 'unknown')
      const withdraw = (user: SeededUser) =>
        f.database.store.transaction(async (repositories) => {
          const locked = await repositories.users.lock(user.tenantId, user.id)
          return await withdrawResets(repositories, { user: locked ?? user, reason: 'password_changed' })
        })
      expect(await withdraw(delivered)).toMatchObject({ voidsPassword: true })
      expect(await withdraw(own)).toMatchObject({ voidsPassword: false })
      expect(await withdraw(own)).toEqual({ voidsPassword: false, supersededIds: [] })
    })
  })

  describe('withdrawForChangedContact', () => {
    type Contacts = Partial<Pick<SeededUser, 'email' | 'mobile'>>

    async function changeContacts(user: SeededUser, contacts: Contacts): Promise<void> {
      const f = fixture()
      await f.database.store.transaction(async (repositories) => {
        const locked = await repositories.users.lock(user.tenantId, user.id)
        if (locked === undefined) {
          throw new Error('no such user')
        }
        const { email, mobile } = { ...locked, ...contacts }
        const actor = { kind: 'operator', id: undefined } as const
        const change = { email, mobile, actor, requestId: 'request-1', now: await repositories.now() }
        await withdrawForChangedContact(repositories, { user: locked, ...change })
      })
    }

    const changes: readonly (readonly [string, (user: SeededUser) => Contacts])[] = [
      ['changed', () => ({ email: 'new@acme.example' })],
      ['cleared', () => ({ email: undefined })],
    ]

    describe.each(changes)('when the address was %s', (_how, contacts) => {
      it.each(['sending', 'unknown'] as const)(
        'supersedes a reset that is %s to the old one, and leaves the own password',
        async (state) => {
          const f = fixture()
          const user = await f.user()
          const delivered = await deliver(user, state)
          await changeContacts(user, contacts(user))
          expect(await f.findReset(delivered)).toMatchObject({
            state: 'superseded',
            detail: 'contact_changed',
          })
          expect((await f.findUser(user)).credential).toEqual(user.credential)
          const refused = f.signIn(user.userName, delivered.password)
          await expect(refused).rejects.toMatchObject({ code: 'SDK.LOGIN.1005' })
          expect(await f.signIn(user.userName, user.password)).toMatchObject({ status: 'SUCCESS' })
        },
      )

      it('voids a delivered password that nobody used yet, at once', async () => {
        const f = fixture()
        const user = await f.user()
        const delivered = await deliver(user, 'accepted')
        await changeContacts(user, contacts(user))
        expect(await f.findReset(delivered)).toMatchObject({ state: 'superseded' })
        const after = await f.findUser(user)
        expect(after.credential).toMatchObject({ digest: undefined, resetId: undefined })
        expect(after.credential.version).toBe(delivered.version + 1)
        for (const password of [delivered.password, user.password]) {
          const refused = f.signIn(user.userName, password)
          await expect(refused).rejects.toMatchObject({ code: 'SDK.LOGIN.1005' })
        }
        const [row] = (await f.database.store.read.audit.list(f.tenant.id, 100)).filter(
          ({ targetId, action }) => targetId === user.id && action === 'reset.superseded',
        )
        expect(row).toMatchObject({
          actor: { kind: 'operator' },
          detail: { reason: 'contact_changed', supersededResets: [delivered.id], voidedPassword: true },
        })
      })

      it('leaves a reset that was used: its owner has shown that it arrived', async () => {
        const f = fixture()
        const user = await f.user()
        const delivered = await deliver(user, 'used')
        const before = await f.findUser(user)
        await changeContacts(user, contacts(user))
        expect(await f.findReset(delivered)).toMatchObject({ state: 'used' })
        expect(await f.findUser(user)).toEqual(before)
        const stateToken = await f.stateToken(user.userName, delivered.password)
        await f.update(stateToken, delivered.password, 'Chosen-by-myself-1')
      })
    })

    it.each([
      ['the other contact', { mobile: '+86-13900000001' }],
      ['nothing', {}],
    ])('leaves everything when it was %s that changed', async (_what, contacts) => {
      const f = fixture()
      const user = await f.user()
      const delivered = await deliver(user, 'accepted')
      const before = await f.findUser(user)
      await changeContacts(user, contacts)
      expect(await f.findReset(delivered)).toMatchObject({ state: 'accepted' })
      expect(await f.findUser(user)).toEqual(before)
    })

    it('takes another spelling of the same address for the same', async () => {
      const f = fixture()
      const user = await f.user()
      const delivered = await deliver(user, 'unknown')
      await changeContacts(user, { email: user.email?.toUpperCase() })
      expect(await f.findReset(delivered)).toMatchObject({ state: 'unknown' })
    })

    it('takes back what went by SMS when the number changes, and not what went by mail', async () => {
      const f = fixture()
      const user = await f.user()
      const mailed = await deliver(user, 'unknown')
      const texted = aReset(user, { state: 'unknown', sendMode: 'SMS', sequence: 2, leaseToken: undefined })
      await f.database.store.transaction((repositories) => repositories.resets.insert(texted))
      await changeContacts(user, { mobile: '+86-13900000002' })
      expect(await f.findReset(mailed)).toMatchObject({ state: 'unknown' })
      expect(await f.findReset({ id: texted.id, password: '' })).toMatchObject({ state: 'superseded' })
    })
  })

  describe('apply with another address for the user', () => {
    const expected = {
      unknown: { state: 'superseded', own: 'SUCCESS' },
      accepted: { state: 'superseded', own: undefined },
      used: { state: 'used', own: undefined },
    } as const

    it.each(['unknown', 'accepted', 'used'] as const)('finds a reset that is %s', async (state) => {
      const f = fixture()
      const user = await f.user()
      const delivered = await deliver(user, state)
      const email = `new.${user.email}`
      const file = `tenant: { code: ${f.tenant.code} }\nusers: [ { user_name: ${user.userName}, email: ${email} } ]`
      const report = await applyText(createApplyTools(f.database.store), file)
      expect(report.problems).toEqual([])
      expect(await f.findReset(delivered)).toMatchObject({ state: expected[state].state })
      const after = await f.findUser(user)
      expect(after.email).toBe(email)
      expect(after.credential.digest !== undefined).toBe(state !== 'accepted')
      expect(after.mustChangePassword).toBe(state !== 'unknown')
      const own = await f.signIn(user.userName, user.password).catch(() => undefined)
      expect(own?.status).toBe(expected[state].own)
    })
  })
})
