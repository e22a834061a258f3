import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeEachDatabase } from '../support/databases.ts'
import { expectMustChange, expectRefused, expectSignsIn } from '../support/passwords.ts'
import { listResets, type RaceApp, startRaceApp, verdicts } from './race-app.ts'

describeEachDatabase('a sign-in with the new password while the gateway still holds its answer', (kind) => {
  let app: RaceApp
  let backupMailsBefore: number

  beforeAll(async () => {
    app = await startRaceApp(kind)
  })
  beforeEach(() => {
    backupMailsBefore = app.backup.mails.length
  })
  afterAll(() => app.close())

  it.each(verdicts)(
    'makes it the password: the call answers 200 although the gateway then %s',
    async (verdict) => {
      const alice = await app.addUser()
      const held = await app.startHeldReset(alice)
      expect((await listResets(app.database.store, alice))[0]?.state).toBe('sending')
      const stateToken = await expectMustChange(app.client, alice.userName, held.password)
      await expectRefused(app.client, alice.userName, alice.password)
      app.decide(verdict)
      const answer = await held.answer
      expect(answer.status).toBe(200)
      expect(answer.text).toBe(`{"user_id":"${alice.id}"}`)

      const [reset, ...others] = await listResets(app.database.store, alice)
      expect(others).toEqual([])
      expect(reset).toMatchObject({ state: 'used', id: answer.headers.get('x-reset-id') })
      const attempts = await app.database.store.read.resets.listAttempts(alice.tenantId, reset?.id ?? '')
      expect(attempts.map((attempt) => attempt.gateway)).toEqual(['mail'])
      expect(app.backup.mails).toHaveLength(backupMailsBefore)
      // what the gateway said ended nothing of what the sign-in began
      await expectRefused(app.client, alice.userName, alice.password)
      const changed = await app.client.updatePassword(stateToken, held.password, 'Chosen-by-her-2580')
      expect(changed.body).toMatchObject({ status: 'SUCCESS' })
      await expectSignsIn(app.client, alice.userName, 'Chosen-by-her-2580')
    },
  )

  it.each(verdicts)(
    'and an own password chosen by then stays, although the gateway then %s',
    async (verdict) => {
      const alice = await app.addUser()
      const held = await app.startHeldReset(alice)
      const stateToken = await expectMustChange(app.client, alice.userName, held.password)
      await app.client.updatePassword(stateToken, held.password, 'Chosen-by-her-2580')
      app.decide(verdict)
      expect((await held.answer).text).toBe(`{"user_id":"${alice.id}"}`)
      const [reset] = await listResets(app.database.store, alice)
      expect(reset).toMatchObject({ state: 'completed', digest: undefined })
      expect(app.backup.mails).toHaveLength(backupMailsBefore)
      await expectRefused(app.client, alice.userName, held.password)
      await expectSignsIn(app.client, alice.userName, 'Chosen-by-her-2580')
    },
  )

  it('alone keeps the next gateway from being tried: without it, that one delivers', async () => {
    const alice = await app.addUser()
    const held = await app.startHeldReset(alice)
    app.decide('refuses with 451')
    expect((await held.answer).text).toBe(`{"user_id":"${alice.id}"}`)
    expect(app.backup.mails).toHaveLength(backupMailsBefore + 1)
    await expectMustChange(app.client, alice.userName, held.password)
  })
})
