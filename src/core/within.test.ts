import { describe, expect, it } from 'vitest'
import { systemClock } from './clock.ts'
import { within } from './within.ts'

const MINUTE_MS = 60_000
const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length

describe('within', () => {
  it('gives what the work comes to, and leaves no timer behind', async () => {
    const before = timers()
    expect(await within(systemClock, MINUTE_MS, Promise.resolve('done'))).toBe('done')
    await expect(within(systemClock, MINUTE_MS, Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(timers()).toBe(before)
  })

  it('gives up after its time, and hears nothing of a failure that comes later', async () => {
    let fail: (cause: Error) => void = () => undefined
    const work = new Promise<string>((_resolve, reject) => {
      fail = reject
    })
    expect(await within(systemClock, 1, work)).toBeUndefined()
    fail(new Error('too late'))
    await expect(work).rejects.toThrow('too late')
  })
})
