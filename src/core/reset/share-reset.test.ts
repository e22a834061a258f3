import { describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { createSharedResets, type ResetIdentity } from './share-reset.ts'

const identity: ResetIdentity = {
  tenantId: 't',
  applicationId: 'a',
  userId: 'u',
  sendMode: 'EMAIL',
  oldPasswordMode: 'keep-until-accepted',
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

describe('createSharedResets', () => {
  it('runs equal calls once and gives all of them the same outcome', async () => {
    const shared = createSharedResets(systemClock)
    const outcome = deferred<string>()
    let runs = 0
    const call = () =>
      shared.share(identity, 5_000, () => {
        runs += 1
        return outcome.promise
      })
    const calls = Array.from({ length: 10 }, call)
    outcome.resolve('reset')
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 10 }, () => 'reset'))
    expect(runs).toBe(1)
    expect(shared.size).toBe(0)
  })

  it.each([
    { tenantId: 'other' },
    { applicationId: undefined },
    { userId: 'other' },
    { sendMode: 'SMS' },
    { oldPasswordMode: 'revoke-now' },
  ] as const)('keeps calls apart that differ in %j', async (difference) => {
    const shared = createSharedResets(systemClock)
    const first = shared.share(identity, 5_000, async () => 'first')
    const second = shared.share({ ...identity, ...difference }, 5_000, async () => 'second')
    expect(await Promise.all([first, second])).toEqual(['first', 'second'])
  })

  it('tells every equal call of a failure, and lets the next one run anew', async () => {
    const shared = createSharedResets(systemClock)
    const failing = () => shared.share(identity, 5_000, () => Promise.reject(new Error('no gateway')))
    const results = await Promise.allSettled([failing(), failing()])
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected'])
    expect(await shared.share(identity, 5_000, async () => 'again')).toBe('again')
  })

  it('lets a joining call go with MSG.9002 when its own time is over', async () => {
    const shared = createSharedResets(systemClock)
    const outcome = deferred<string>()
    const first = shared.share(identity, 5_000, () => outcome.promise)
    await expect(shared.share(identity, 1, async () => 'never')).rejects.toMatchObject({ code: 'MSG.9002' })
    outcome.resolve('reset')
    expect(await first).toBe('reset')
  })
})
