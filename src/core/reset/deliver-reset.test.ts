import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { useResets } from '../../../test/support/reset-fixture.ts'
import { seedGateway } from '../../../test/support/seed-tenant.ts'
import type { MessageSender } from '../../messaging/message-sender.ts'
import { SECOND_MS } from '../clock.ts'
import { Secret } from '../secret.ts'
import { recoverResets } from './recover-resets.ts'

describeEachDatabase('deliverReset', (kind) => {
  const fixture = useResets(kind)

  // reset protocol, rule 1: what is not known to have stayed here may have arrived
  describe('when something breaks inside the server', () => {
    it('after the message left, leaves the reset unknown, and what arrived can be redeemed', async () => {
      const f = fixture()
      const user = await f.user()
      const sender: MessageSender = {
        ...f.deps.sender,
        async send(request) {
          await f.deps.sender.send(request)
          throw new Error('a defect, with the answer of the gateway in hand')
        },
      }
      const lost = f.reset(user, { sender })
      await expect(lost).rejects.toMatchObject({ code: 'MSG.0001', detail: 'delivery_unknown' })
      const [reset] = await f.resetsOf(user)
      expect(reset).toMatchObject({ state: 'unknown', gateway: 'mail', leaseToken: undefined })
      const [password = ''] = await f.mailedTo(user)
      const { salt, parameters, digest } = (await f.findUser(user)).credential
      expect(digest).toBe(user.credential.digest)
      expect(reset?.digest).toBe(await f.deps.hasher.hash(new Secret(password), salt, parameters))
    })

    it('before the message left, fails the reset and forgets its secret', async () => {
      const f = fixture()
      const user = await f.user()
      const troubles: unknown[] = []
      const sender: MessageSender = {
        ...f.deps.sender,
        send: (request) =>
          f.deps.sender.send({ ...request, recordAttempt: () => Promise.reject(new Error('a defect')) }),
      }
      const failed = f.reset(user, { sender, onTrouble: ({ cause }) => troubles.push(cause) })
      await expect(failed).rejects.toMatchObject({ code: 'MSG.0001', detail: 'internal_error' })
      expect(await f.resetsOf(user)).toMatchObject([{ state: 'failed', digest: undefined }])
      expect(await f.mailedTo(user)).toEqual([])
      expect(troubles.map(String)).toEqual(['Error: a defect'])
    })
  })

  it('fails with gateway_busy when no slot of the gateway comes free in time: nothing was recorded as sent', async () => {
    const f = fixture()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    await useOneSlot()
    const [first, second] = [await f.user(), await f.user()]
    f.sms.beforeAnswer = () => held
    const holding = f.reset(first, {}, 'SMS')
    await expect.poll(() => f.sms.requests.length, { timeout: 15_000 }).toBe(1)
    const busy = f.reset(second, { callDeadlineMs: 1_300 }, 'SMS')
    await expect(busy).rejects.toMatchObject({ code: 'MSG.0001', detail: 'gateway_busy' })
    const [reset] = await f.resetsOf(second)
    expect(reset).toMatchObject({ state: 'failed', digest: undefined, gateway: undefined })
    expect(await f.database.store.read.resets.listAttempts(f.tenant.id, reset?.id ?? '')).toEqual([])
    release()
    await holding
    expect(f.sms.requests).toHaveLength(1)
    f.sms.beforeAnswer = undefined
  })

  /** The tenant's SMS gateway carries one message at a time from now on. */
  async function useOneSlot(): Promise<void> {
    const f = fixture()
    await seedGateway(f.database.store, f.tenant, {
      name: 'sms',
      channel: 'SMS',
      kind: 'sms-http',
      settings: {
        url: f.sms.url,
        body: '{"to":"{{ to }}","text":"{{ text }}"}',
        timeout_ms: 5_000,
        connections_max: 1,
      },
    })
    f.clock.advance(6 * SECOND_MS) // past what the sender remembers
  }

  it('lets a refusal that comes late still fail the reset, as long as nobody was told `unknown`', async () => {
    const f = fixture()
    const user = await f.user()
    const requestsBefore = f.sms.requests.length
    f.sms.answer = { status: 500, body: randomUUID() }
    f.sms.beforeAnswer = async () => {
      f.clock.advance(60 * SECOND_MS)
      await recoverResets(f.database.store, () => undefined)
      f.clock.advance(-60 * SECOND_MS)
      expect(await f.resetsOf(user)).toMatchObject([{ state: 'unknown', leaseToken: expect.any(String) }])
    }
    const late = f.reset(user, {}, 'SMS')
    await expect(late).rejects.toMatchObject({ code: 'MSG.0001', detail: 'gateway_refused' })
    expect(await f.resetsOf(user)).toMatchObject([
      { state: 'failed', digest: undefined, leaseToken: undefined, leaseExpiresAt: undefined },
    ])
    expect(f.sms.requests).toHaveLength(requestsBefore + 1)
    f.sms.beforeAnswer = undefined
    f.sms.answer = { status: 200, body: '{}' }
  })
})
