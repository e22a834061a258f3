import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { type ResetFixture, useResets } from '../../../test/support/reset-fixture.ts'
import type { SeededUser } from '../../../test/support/seed-tenant.ts'
import type { Repositories } from '../../store/store.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../clock.ts'
import type { PasswordHasher } from '../password/password-hasher.ts'
import type { SendMode } from '../tenants/tenant.ts'
import { removeUser } from '../users/remove-user.ts'
import { recordAttempt } from './record-attempt.ts'

type Change = (repositories: Repositories, user: SeededUser, f: ResetFixture) => Promise<unknown>

// reset protocol, rule 2
describeEachDatabase('openReset', (kind) => {
  const fixture = useResets(kind)

  /** The real hasher; each time it has hashed, something else happens to the user before `prepared`. */
  function hashThen(user: SeededUser, change: Change, times: number) {
    const f = fixture()
    const salts: string[] = []
    const hasher: PasswordHasher = {
      ...f.deps.hasher,
      async hash(password, salt, parameters) {
        const digest = await f.deps.hasher.hash(password, salt, parameters)
        salts.push(salt)
        if (salts.length <= times) {
          await f.database.store.transaction((repositories) => change(repositories, user, f))
        }
        return digest
      },
    }
    return { hasher, salts }
  }

  const chooseOwnPassword: Change = (repositories, user, { deps }) =>
    repositories.users.replaceCredential(user.tenantId, user.id, {
      digest: user.credential.digest,
      resetId: undefined,
      mustChangePassword: false,
      changedAt: 1,
      salt: deps.hasher.newSalt(),
      parameters: user.credential.parameters,
    })
  const upgradeHash: Change = (repositories, user) =>
    repositories.users.replaceCredential(user.tenantId, user.id, {
      digest: user.credential.digest,
      resetId: undefined,
      mustChangePassword: false,
      changedAt: 1,
      salt: user.credential.salt,
      parameters: 'argon2id$m=128,t=1,p=1',
    })

  it.each([
    ['the salt', chooseOwnPassword],
    ['the parameters', upgradeHash],
  ])('hashes again when %s changed since, and delivers what signs in', async (_what, change) => {
    const f = fixture()
    const user = await f.user()
    const { hasher, salts } = hashThen(user, change, 1)
    const answer = await f.reset(user, { hasher })
    expect(salts).toHaveLength(2)
    const { salt, parameters, resetId } = (await f.findUser(user)).credential
    expect([salt, parameters]).not.toEqual([user.credential.salt, user.credential.parameters])
    expect(resetId).toBe(answer.resetId)
    const [password, ...others] = await f.mailedTo(user)
    expect(others).toEqual([])
    expect(await f.isPasswordOf(user, password ?? '')).toBe(true)
  })

  it('gives up with MSG.9002 when the salt changes again, and sends nothing', async () => {
    const f = fixture()
    const user = await f.user()
    const { hasher, salts } = hashThen(user, chooseOwnPassword, 2)
    const error = { code: 'MSG.9002', detail: 'reset_in_progress', retryAfterSeconds: 1 }
    await expect(f.reset(user, { hasher })).rejects.toMatchObject(error)
    expect(new Set(salts).size).toBe(2)
    expect(await f.resetsOf(user)).toEqual([])
    expect(await f.mailedTo(user)).toEqual([])
    expect((await f.findUser(user)).credential.digest).toBe(user.credential.digest)
  })

  const updateTo =
    (contacts: Partial<Pick<SeededUser, 'email' | 'mobile'>>): Change =>
    async (repositories, user) =>
      await repositories.users.update({ ...user, ...contacts })

  it.each<readonly [string, SendMode, Change, object]>([
    ['was disabled', 'EMAIL', (r, user) => r.users.setDisabled(user.tenantId, user.id, true, 1), disabled()],
    ['was removed', 'EMAIL', remove, { code: 'USER.0001' }],
    ['lost their e-mail address', 'EMAIL', updateTo({ email: undefined }), { code: 'USER.0012' }],
    ['lost their mobile number', 'SMS', updateTo({ mobile: undefined }), { code: 'USER.0011' }],
    ['got an address that no mail can go to', 'EMAIL', updateTo({ email: 'alice' }), contactInvalid()],
  ])('ends with its own code when the user %s since, and sends nothing', async (...row) => {
    const [_what, sendMode, change, error] = row
    const f = fixture()
    const user = await f.user()
    const { hasher, salts } = hashThen(user, change, 1)
    const smsBefore = f.sms.requests.length
    await expect(f.reset(user, { hasher }, sendMode)).rejects.toMatchObject(error)
    expect(salts).toHaveLength(1)
    expect(await f.resetsOf(user)).toEqual([])
    expect(await f.recordOf(user.id)).toEqual(await recordOfChange(f, user))
    expect(await f.mailedTo(user)).toEqual([])
    expect(f.sms.requests).toHaveLength(smsBefore)
  })

  it('delivers to the address that the user has under the lock', async () => {
    const f = fixture()
    const user = await f.user()
    const email = `new.${user.email}`
    const { hasher } = hashThen(user, updateTo({ email }), 1)
    await f.reset(user, { hasher })
    expect(await f.mailedTo(user)).toEqual([])
    expect(await f.mailedTo({ ...user, email })).toHaveLength(1)
  })

  it('ends with MSG.0004 when the last gateway was disabled since', async () => {
    const f = fixture()
    const user = await f.user()
    const setDisabled = (isDisabled: boolean): Change => {
      return async (repositories) => {
        for (const gateway of await repositories.gateways.list(user.tenantId)) {
          await repositories.gateways.put({ ...gateway, disabled: isDisabled })
        }
      }
    }
    const { hasher } = hashThen(user, setDisabled(true), 1)
    const refused = f.reset(user, { hasher })
    await expect(refused).rejects.toMatchObject({ code: 'MSG.0004', detail: 'no_gateway' })
    expect(await f.resetsOf(user)).toEqual([])
    await f.database.store.transaction((repositories) => setDisabled(false)(repositories, user, f))
  })

  describe('has recorded', () => {
    it('the hash in `prepared` before anything else, and the attempt in `sending` before a byte leaves', async () => {
      const f = fixture()
      const user = await f.user()
      const mails = () => f.smtp.mails.filter(({ to }) => to.includes(user.email ?? '')).length
      const seen: unknown[] = []
      const look = async (point: string) => {
        const [reset] = await f.resetsOf(user)
        const attempts = await f.database.store.read.resets.listAttempts(user.tenantId, reset?.id ?? '')
        const actions = (await f.recordOf(reset?.id ?? '')).map(({ action }) => action)
        seen.push([point, reset?.state, reset?.digest !== undefined, attempts.length, actions, mails()])
      }
      await f.reset(user, { reached: look })
      expect(seen).toEqual([
        ['before-prepared-commits', undefined, false, 0, [], 0],
        ['prepared', 'prepared', true, 0, ['reset.prepared'], 0],
        ['sending', 'sending', true, 1, ['reset.prepared', 'reset.sending'], 0],
        ['handing-over', 'sending', true, 1, ['reset.prepared', 'reset.sending'], 0],
        ['gateway-answered', 'sending', true, 1, ['reset.prepared', 'reset.sending'], 1],
        ['before-accepted-commits', 'sending', true, 1, ['reset.prepared', 'reset.sending'], 1],
        ['accepted', 'accepted', true, 1, ['reset.prepared', 'reset.sending', 'reset.accepted'], 1],
      ])
    })

    it('no trace of the secret or of the address', async () => {
      const f = fixture()
      const user = await f.user()
      const { resetId } = await f.reset(user)
      const [password] = await f.mailedTo(user)
      const rows = await dumpTables(f)
      expect(rows).toContain(resetId)
      expect(rows).not.toContain(password)
      const local = user.email?.split('@')[0] ?? ''
      const [reset] = await f.resetsOf(user)
      expect(JSON.stringify([reset, await f.recordOf(resetId)])).not.toContain(local)
    })

    it.each([
      ['EMAIL', 24 * HOUR_MS],
      ['SMS', HOUR_MS],
    ] as const)('the deadline of a reset by %s, which the message states', async (sendMode, lifetimeMs) => {
      const f = fixture()
      const user = await f.user()
      const { flight } = await f.open(user, {}, sendMode)
      expect(flight.reset.deadlineAt).toBe(flight.reset.preparedAt + lifetimeMs)
      const other = await f.user()
      let told = 0
      const { sender } = f.deps
      await f.reset(
        other,
        {
          sender: {
            ...sender,
            send: async (request) => {
              told = 'expiresAt' in request.variables ? request.variables.expiresAt : 0
              return await sender.send(request)
            },
          },
        },
        sendMode,
      )
      expect((await f.resetsOf(other))[0]?.deadlineAt).toBe(told)
    })
  })

  it.each([
    ['prepared', 'failed', false],
    ['sending', 'unknown', true],
  ] as const)(
    'finds the way free behind a reset that was left in %s, which becomes %s',
    async (leftIn, state, keepsSecret) => {
      const f = fixture()
      const user = await f.user()
      const { flight } = await f.open(user)
      if (leftIn === 'sending') {
        await recordAttempt(f.deps, flight, 'mail', undefined)
      }
      f.clock.advance(MINUTE_MS)
      const { resetId } = await f.reset(user)
      const [newest, left, ...others] = await f.resetsOf(user)
      expect(others).toEqual([])
      expect(newest).toMatchObject({ id: resetId, state: 'accepted', sequence: 2 })
      // the later acceptance has superseded what was unknown
      expect(left).toMatchObject({ state: keepsSecret ? 'superseded' : 'failed', sequence: 1 })
      const actions = (await f.recordOf(left?.id ?? '')).map(({ action }) => action)
      expect(actions.at(-1)).toBe(`reset.${state}`)
      expect(left?.digest !== undefined).toBe(keepsSecret)
    },
  )

  it('is kept waiting by a lease that still holds, and says so', async () => {
    const f = fixture()
    const user = await f.user()
    await f.open(user)
    f.clock.advance(54 * SECOND_MS)
    const late = f.reset(user, { callDeadlineMs: 100 }, 'SMS')
    await expect(late).rejects.toMatchObject({ code: 'MSG.9002', retryAfterSeconds: 1 })
    expect(await f.resetsOf(user)).toMatchObject([{ state: 'prepared', sendMode: 'EMAIL' }])
  })
})

function disabled() {
  return { code: 'USER.9001' }
}

function contactInvalid() {
  return { code: 'MSG.0004', detail: 'contact_invalid' }
}

async function remove(repositories: Repositories, user: SeededUser): Promise<void> {
  const locked = await repositories.users.lock(user.tenantId, user.id)
  if (locked !== undefined) {
    const actor = { kind: 'operator', id: undefined } as const
    await removeUser(repositories, { user: locked, actor, requestId: undefined, now: 1 })
  }
}

/** Removing a user leaves a row of its own; nothing else may be there. */
async function recordOfChange(f: ResetFixture, user: SeededUser): Promise<readonly unknown[]> {
  const rows = await f.recordOf(user.id)
  return rows.filter(({ action }) => action === 'user.removed')
}

/** Everything that stands in the database. */
async function dumpTables(f: ResetFixture): Promise<string> {
  const listing =
    f.database.store.kind === 'sqlite'
      ? "select name from sqlite_master where type = 'table'"
      : "select tablename as name from pg_tables where schemaname = 'public'"
  const tables = await f.database.query(listing)
  const rows = await Promise.all(tables.map(({ name }) => f.database.query(`select * from ${String(name)}`)))
  return JSON.stringify(rows)
}
