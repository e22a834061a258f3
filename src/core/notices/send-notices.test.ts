import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { type ResetFixture, useResets } from '../../../test/support/reset-fixture.ts'
import type { SeededUser } from '../../../test/support/seed-tenant.ts'
import { HOUR_MS, MINUTE_MS } from '../clock.ts'
import { removeUser } from '../users/remove-user.ts'
import { type NoticeDeps, sendNotices } from './send-notices.ts'
import { tellContactsChanged, tellPasswordChanged } from './write-notice.ts'

describeEachDatabase('sendNotices', (kind) => {
  const fixture = useResets(kind, { notices: { bySms: true } })
  let outcomes: string[] = []
  let troubles: unknown[] = []
  beforeEach(async () => {
    const { database, sms } = fixture()
    await database.query('delete from notices', [])
    sms.answer = { status: 200, body: '{}' }
    sms.fault = undefined
    outcomes = []
    troubles = []
  })

  function depsOf({ deps, seal, database }: ResetFixture, change: Partial<NoticeDeps> = {}): NoticeDeps {
    return {
      store: database.store,
      sender: deps.sender,
      clock: deps.clock,
      openAddress: seal.open,
      publicUrl: undefined,
      mac: seal.mac,
      onNotice: (event, outcome) => outcomes.push(`${event} ${outcome}`),
      onTrouble: ({ cause }) => troubles.push(cause),
      ...change,
    }
  }

  const run = (change?: Partial<NoticeDeps>) => sendNotices(depsOf(fixture(), change))
  const newUser = () => fixture().user({ email: `${randomUUID()}@acme.example` })
  const mailsTo = (address: string | undefined) =>
    fixture().smtp.mails.filter(({ to }) => to.includes(address ?? ''))
  const notices = () => fixture().database.query('select * from notices', [])

  /** A notice that goes to the user's mobile. */
  async function tellBySms(user: SeededUser): Promise<void> {
    const { database, deps, tenant } = fixture()
    await database.store.transaction(async (repositories) => {
      const writing = { ...deps, settings: tenant.settings.notices, now: await repositories.now() }
      await tellPasswordChanged(repositories, user, ['SMS'], writing)
    })
  }

  it('tells the mail address of a password that went by SMS, without the password', async () => {
    const { reset, sms } = fixture()
    const user = await newUser()
    await reset(user, {}, 'SMS')
    expect(mailsTo(user.email)).toEqual([])
    await run()
    const password = /\[(\S+)\]/.exec(sms.requests.at(-1)?.body ?? '')?.[1]
    const [mail, ...others] = mailsTo(user.email)
    expect(others).toEqual([])
    expect(password).toMatch(/^.{8,}$/)
    expect(mail?.raw).toContain('password')
    expect(mail?.raw).not.toContain(password)
    expect(outcomes).toEqual(['password-changed sent'])
    expect(await notices()).toEqual([])
  })

  it('tells the mobile of a password that went by mail, where the tenant pays for that', async () => {
    const { reset, sms, mailedTo } = fixture()
    const user = await newUser()
    await reset(user)
    const before = sms.requests.length
    await run()
    const [password] = await mailedTo(user)
    expect(sms.requests).toHaveLength(before + 1)
    expect(sms.requests.at(-1)?.body).toContain(user.mobile?.replace(/\D/g, ''))
    expect(sms.requests.at(-1)?.body).not.toContain(password)
  })

  it('keeps no address legible, and records ids only', async () => {
    const { reset, recordOf } = fixture()
    const user = await newUser()
    await reset(user, {}, 'SMS')
    expect(JSON.stringify(await notices())).not.toContain(user.email)
    await run()
    const row = (await recordOf(user.id)).find(({ action }) => action === 'notice.sent')
    expect(row).toMatchObject({
      actor: { kind: 'server' },
      detail: { event: 'password-changed', gateway: 'mail' },
    })
    expect(JSON.stringify(row)).not.toContain(user.email)
  })

  it('tells the old address of a changed one', async () => {
    const { database, deps, tenant } = fixture()
    const user = await newUser()
    await database.store.transaction(async (repositories) => {
      const writing = { ...deps, settings: tenant.settings.notices, now: await repositories.now() }
      await tellContactsChanged(repositories, user, { ...user, email: 'thief@acme.example' }, writing)
    })
    await run()
    expect(mailsTo(user.email)).toHaveLength(1)
    expect(mailsTo('thief@acme.example')).toEqual([])
    expect(outcomes).toEqual(['contact-changed sent'])
  })

  it('sends once, however many run at once', async () => {
    const user = await newUser()
    const before = fixture().sms.requests.length
    await tellBySms(user)
    const claimed = await Promise.all([run(), run(), run()])
    expect(claimed.toSorted()).toEqual([0, 0, 1])
    expect(fixture().sms.requests).toHaveLength(before + 1)
  })

  describe('a process that died after it claimed', () => {
    const die = async () => {
      const dead = run({
        sender: {
          hasGateway: async () => Promise.reject(new Error('dead')),
          send: fixture().deps.sender.send,
        },
      })
      await expect(dead).rejects.toThrow('dead')
    }

    it('leaves the notice to another, once its lease is over', async () => {
      await tellBySms(await newUser())
      await die()
      expect(await run()).toBe(0)
      fixture().clock.advance(3 * MINUTE_MS)
      expect(await run()).toBe(1)
      expect(outcomes).toEqual(['password-changed sent'])
    })

    it('is followed by one more try at most', async () => {
      const before = fixture().sms.requests.length
      await tellBySms(await newUser())
      for (let deaths = 0; deaths < 2; deaths += 1) {
        await die()
        fixture().clock.advance(3 * MINUTE_MS)
      }
      await run()
      expect(outcomes).toEqual(['password-changed unknown'])
      expect(fixture().sms.requests).toHaveLength(before)
      expect(await notices()).toEqual([])
    })
  })

  it('tries again, ever later, what a gateway refused', async () => {
    const { sms, clock } = fixture()
    await tellBySms(await newUser())
    sms.answer = { status: 503, body: 'later' }
    await run()
    expect(outcomes).toEqual(['password-changed put_off'])
    expect(await run()).toBe(0)
    clock.advance(MINUTE_MS + 1_000)
    await run()
    clock.advance(MINUTE_MS + 1_000)
    expect(await run()).toBe(0)
    sms.answer = { status: 200, body: '{}' }
    clock.advance(4 * MINUTE_MS)
    await run()
    expect(outcomes).toEqual([
      'password-changed put_off',
      'password-changed put_off',
      'password-changed sent',
    ])
  })

  it('gives up when the day is over', async () => {
    const { sms, clock, recordOf } = fixture()
    const user = await newUser()
    await tellBySms(user)
    sms.answer = { status: 503, body: 'later' }
    for (let hour = 0; hour < 26; hour += 1) {
      await run()
      clock.advance(HOUR_MS)
    }
    expect(outcomes.at(-1)).toBe('password-changed given_up')
    expect(await notices()).toEqual([])
    expect((await recordOf(user.id)).map(({ action }) => action)).toContain('notice.given_up')
  })

  it('does not repeat what may have arrived', async () => {
    const { sms } = fixture()
    await tellBySms(await newUser())
    sms.fault = { at: 'request', kind: 'reset' }
    await run()
    expect(outcomes).toEqual(['password-changed unknown'])
    expect(await notices()).toEqual([])
  })

  it('gives up at once where there is no gateway, and tries again where the address does not open', async () => {
    await tellBySms(await newUser())
    const openAddress = () => {
      throw new Error('another master key')
    }
    await run({ openAddress })
    expect([outcomes, troubles]).toEqual([['password-changed put_off'], [new Error('another master key')]])
    fixture().clock.advance(2 * MINUTE_MS)
    await run({ sender: { ...fixture().deps.sender, hasGateway: async () => false } })
    expect(outcomes.at(-1)).toBe('password-changed given_up')
  })

  it('sends nothing to somebody who was removed', async () => {
    const { database } = fixture()
    const user = await newUser()
    await tellBySms(user)
    await database.store.transaction(async (repositories) => {
      const now = await repositories.now()
      const actor = { kind: 'operator', id: undefined } as const
      await removeUser(repositories, { user, actor, requestId: undefined, now })
    })
    expect(await notices()).toEqual([])
    expect(await run()).toBe(0)
  })

  describe('without anything said by the tenant', () => {
    const quiet = useResets(kind)

    it('sends no SMS', async () => {
      const f = quiet()
      await f.reset(await f.user())
      expect(await sendNotices(depsOf(f))).toBe(0)
      expect(f.sms.requests).toEqual([])
    })
  })
})
