import { AsyncLocalStorage } from 'node:async_hooks'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { type ResetFixture, useResets } from '../../../test/support/reset-fixture.ts'
import { seedGateway } from '../../../test/support/seed-tenant.ts'
import type { MessageSender } from '../../messaging/message-sender.ts'
import type { Store } from '../../store/store.ts'
import { SECOND_MS } from '../clock.ts'
import type { PasswordHasher } from '../password/password-hasher.ts'
import type { ResetDeps } from './reset-deps.ts'

/** What a reset did, in order: `transaction`, `hand-over`, `hash`, each with its end, and what ran inside another. */
interface Recorder {
  readonly deps: Pick<ResetDeps, 'store' | 'sender' | 'hasher'>
  readonly events: readonly string[]
  /** A transaction, read, look at the gateways or hash that began where it must not. */
  readonly violations: readonly string[]
}

/** Passes every call on to the real store, sender and hasher, and writes down what runs while what is open. */
function record(real: ResetDeps): Recorder {
  const inTransaction = new AsyncLocalStorage<boolean>()
  const events: string[] = []
  const violations: string[] = []
  let transactionsOpen = 0
  let isHandingOver = false

  const outside = (what: string): void => {
    if (inTransaction.getStore() === true) {
      violations.push(`${what} inside a transaction`)
    }
  }
  const begin = (what: string, isForbidden: boolean): void => {
    events.push(what)
    if (isForbidden) {
      violations.push(`${what} meanwhile`)
    }
  }

  const store: Store = {
    ...real.store,
    get read() {
      outside('a read on another line')
      return real.store.read
    },
    async transaction(work) {
      outside('a transaction')
      begin('transaction', isHandingOver)
      transactionsOpen += 1
      try {
        return await real.store.transaction((repositories) => inTransaction.run(true, work, repositories))
      } finally {
        transactionsOpen -= 1
        events.push('transaction ended')
      }
    },
  }
  const sender: MessageSender = {
    ...real.sender,
    async hasGateway(...call) {
      outside('a look at the gateways')
      return await real.sender.hasGateway(...call)
    },
    async send(request) {
      outside('sending')
      begin('send', transactionsOpen > 0)
      try {
        return await real.sender.send({
          ...request,
          async recordAttempt(gateway, previous) {
            isHandingOver = false
            const handOver = await request.recordAttempt(gateway, previous)
            isHandingOver = handOver !== undefined
            if (isHandingOver) {
              begin(`hand-over to ${gateway}`, transactionsOpen > 0)
            }
            return handOver
          },
        })
      } finally {
        isHandingOver = false
        events.push('sent')
      }
    },
  }
  const hasher: PasswordHasher = {
    ...real.hasher,
    async hash(...call) {
      outside('a hash')
      begin('hash', transactionsOpen > 0)
      return await real.hasher.hash(...call)
    },
  }
  return { deps: { store, sender, hasher }, events, violations }
}

/** Transactions that are open in the database now, whoever opened them. */
async function openTransactions({ database }: ResetFixture): Promise<number> {
  if (database.store.kind === 'sqlite') {
    const other = new DatabaseSync(database.url.slice('sqlite:'.length), { timeout: 0 })
    try {
      other.exec('begin immediate')
      other.exec('rollback')
      return 0
    } catch {
      return 1
    } finally {
      other.close()
    }
  }
  const [row] = await database.query(
    `select count(*) as n from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend'
       and pid <> pg_backend_pid() and xact_start is not null`,
  )
  return Number(row?.n)
}

const transaction = ['transaction', 'transaction ended']
const patient = { timeout: 15_000 }

// reset protocol, rule 1; architecture: no network call inside a transaction, and none waits for another call
describeEachDatabase('resetPassword', (kind) => {
  const fixture = useResets(kind)

  describe('opens no transaction while a gateway is at work, and calls no gateway inside one', () => {
    it('when the gateway accepts', async () => {
      const f = fixture()
      const { deps, events, violations } = record(f.deps)
      await f.reset(await f.user(), deps)
      expect(violations).toEqual([])
      expect(events).toEqual([
        'hash',
        ...transaction,
        'send',
        ...transaction,
        'hand-over to mail',
        'sent',
        ...transaction,
      ])
    })

    it('when the first of two gateways refuses and the second accepts', async () => {
      const f = fixture()
      await seedGateway(f.database.store, f.tenant, {
        name: 'closed',
        channel: 'EMAIL',
        kind: 'smtp',
        priority: 0,
        settings: { url: 'smtp://127.0.0.1:9', from: 'it@acme.example' },
      })
      f.clock.advance(6 * SECOND_MS) // past what the sender remembers
      const { deps, events, violations } = record(f.deps)
      const user = await f.user()
      await f.reset(user, deps)
      await f.database.store.transaction(({ gateways }) => gateways.delete(f.tenant.id, 'closed'))
      f.clock.advance(6 * SECOND_MS)
      expect(violations).toEqual([])
      expect(events).toEqual([
        'hash',
        ...transaction,
        'send',
        ...transaction,
        'hand-over to closed',
        ...transaction,
        'hand-over to mail',
        'sent',
        ...transaction,
      ])
      expect(await f.mailedTo(user)).toHaveLength(1)
    })

    it.each([
      ['refuses', 500, 'gateway_refused'],
      ['leaves it open', 504, 'delivery_unknown'],
    ])('when the gateway %s', async (_what, status, detail) => {
      const f = fixture()
      f.sms.answer = { status }
      const { deps, events, violations } = record(f.deps)
      const answered = f.reset(await f.user(), deps, 'SMS')
      await expect(answered).rejects.toMatchObject({ code: 'MSG.0001', detail })
      f.sms.answer = { status: 200, body: '{}' }
      expect(violations).toEqual([])
      expect(events.filter((event) => event === 'transaction')).toHaveLength(3)
    })

    it('when it waits for its turn, and while it shares an equal call', async () => {
      const f = fixture()
      const user = await f.user()
      let release = () => {}
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      f.sms.beforeAnswer = () => held
      const first = f.reset(user, {}, 'SMS')
      await expect.poll(async () => (await f.resetsOf(user))[0]?.state, patient).toBe('sending')
      const [other, equal] = [record(f.deps), record(f.deps)]
      const waiting = f.reset(user, other.deps, 'EMAIL')
      const sharing = f.reset(user, equal.deps, 'SMS')
      await expect.poll(() => other.events.length, patient).toBeGreaterThan(5) // it has come back for its turn
      expect(other.events).not.toContain('send')
      release()
      f.sms.beforeAnswer = undefined
      expect((await sharing).resetId).toBe((await first).resetId)
      await waiting
      expect([...other.violations, ...equal.violations]).toEqual([])
      expect(equal.events).not.toContain('send')
    })

    it('as the database sees it too, from outside', async () => {
      const f = fixture()
      const seen: number[] = []
      const look = async () => {
        seen.push(await openTransactions(f))
      }
      f.sms.beforeAnswer = look
      await f.reset(await f.user(), {}, 'SMS')
      f.sms.beforeAnswer = undefined
      expect(seen).toEqual([0])
      // and it would have seen one
      await f.database.store.transaction(async ({ users }) => {
        await users.lock(f.tenant.id, 'nobody')
        await look()
      })
      expect(seen).toEqual([0, 1])
    })
  })

  it('refuses an unknown mode before anybody is looked up', async () => {
    const f = fixture()
    const { deps, events } = record(f.deps)
    const read: string[] = []
    const store: Store = {
      ...deps.store,
      get read() {
        read.push('read')
        return deps.store.read
      },
    }
    const refused = f.reset(await f.user(), { ...deps, store }, 'FAX' as 'SMS')
    await expect(refused).rejects.toMatchObject({ code: 'MSG.0004', detail: 'mode_unknown' })
    expect([events, read]).toEqual([[], []])
  })

  it.each([
    ['a user who is not there', { id: 'nobody' }, 'USER.0001'],
    ['a disabled user', { disabled: true }, 'USER.9001'],
    ['a user without an address', { email: undefined }, 'USER.0012'],
  ] as const)(
    'ends for %s before it hashes, and before it opens a transaction',
    async (_who, change, code) => {
      const f = fixture()
      const user = { ...(await f.user('id' in change ? {} : change)), ...('id' in change ? change : {}) }
      const { deps, events } = record(f.deps)
      await expect(f.reset(user, deps)).rejects.toMatchObject({ code })
      expect(events).toEqual([])
    },
  )
})
