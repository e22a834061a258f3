import { describe, expect, it } from 'vitest'
import { systemRandomBytes } from '../randomness.ts'
import { Secret } from '../secret.ts'
import { createPasswordHasher } from './create-password-hasher.ts'
import { createHashLanes } from './hash-lanes.ts'
import type { HashLane, HashQueue } from './password-hasher.ts'

/** Lanes whose work ends when the test says so. */
function createLanes(concurrencyMax: number, queueMax = 100) {
  const lengths: Record<HashQueue, number> = { 'sign-in': 0, management: 0 }
  const refused: HashLane[] = []
  const running: { readonly lane: HashLane; readonly end: () => void }[] = []
  const inTurn = createHashLanes({
    concurrencyMax,
    queueMax,
    hashMsAbout: 1_000,
    onQueueLength: (queue, length) => {
      lengths[queue] = length
    },
    onRefused: (lane) => refused.push(lane),
  })
  return {
    lengths,
    refused,
    add: (lane: HashLane) =>
      inTurn(lane, () => new Promise<void>((resolve) => running.push({ lane, end: resolve }))),
    running: () => running.map(({ lane }) => lane).toSorted(),
    /** Ends the one that has run longest; whoever comes next runs afterwards. */
    async endOldest() {
      running.shift()?.end()
      await new Promise(setImmediate)
    },
  }
}

/** Many of each; ignores that they never end. */
function addMany(lanes: ReturnType<typeof createLanes>, lane: HashLane, count: number): void {
  for (let index = 0; index < count; index += 1) {
    void lanes.add(lane)
  }
}

describe('createHashLanes', () => {
  it.each([[2], [3], [4], [8]])(
    'gives sign-ins half of %i places while management waits, and management the rest',
    async (places) => {
      const lanes = createLanes(places)
      addMany(lanes, 'sign-in', 50)
      await new Promise(setImmediate)
      expect(lanes.running()).toEqual(Array(places).fill('sign-in'))
      addMany(lanes, 'management', 30)
      for (let ended = 0; ended < places; ended += 1) {
        await lanes.endOldest()
      }
      while (lanes.lengths.management > 0) {
        const signIns = lanes.running().filter((lane) => lane === 'sign-in')
        expect(signIns).toHaveLength(Math.floor(places / 2))
        await lanes.endOldest()
      }
    },
  )

  it('gives a single place to the two in turn', async () => {
    const lanes = createLanes(1)
    addMany(lanes, 'sign-in', 5)
    addMany(lanes, 'management', 5)
    const order: (HashLane | undefined)[] = []
    for (let ended = 0; ended < 8; ended += 1) {
      await new Promise(setImmediate)
      order.push(lanes.running()[0])
      await lanes.endOldest()
    }
    const pair = ['sign-in', 'management']
    expect(order).toEqual([...pair, ...pair, ...pair, ...pair])
  })

  it.each([['sign-in'], ['management']] as const)(
    'gives %s every place while nobody else waits',
    async (lane) => {
      const lanes = createLanes(4)
      addMany(lanes, lane, 10)
      for (let ended = 0; ended < 6; ended += 1) {
        await lanes.endOldest()
        expect(lanes.running()).toEqual(Array(4).fill(lane))
      }
    },
  )

  it('bounds each queue by itself and says how long to wait', async () => {
    const lanes = createLanes(2, 3)
    addMany(lanes, 'sign-in', 5)
    await expect(lanes.add('sign-in')).rejects.toMatchObject({
      code: 'REQUEST.9011',
      detail: 'hash_queue_full',
      retryAfterSeconds: 3,
    })
    addMany(lanes, 'management', 3)
    await expect(lanes.add('management')).rejects.toMatchObject({ code: 'REQUEST.9011' })
    expect(lanes.lengths).toEqual({ 'sign-in': 3, management: 3 })
    expect(lanes.refused).toEqual(['sign-in', 'management'])
  })

  it('gives spare work a place that is free, and never a turn', async () => {
    const lanes = createLanes(2)
    addMany(lanes, 'spare', 2)
    await new Promise(setImmediate)
    expect(lanes.running()).toEqual(['spare', 'spare'])
    await expect(lanes.add('spare')).rejects.toMatchObject({ code: 'REQUEST.9011' })
    expect(lanes.lengths).toEqual({ 'sign-in': 0, management: 0 })
  })

  it('holds with real hashes: under a flood of sign-ins management gets at least every other place', async () => {
    const hasher = createPasswordHasher({
      random: systemRandomBytes,
      concurrencyMax: 2,
      queueMax: 1_000,
      parameters: 'argon2id$m=1024,t=1,p=1',
    })
    const order: HashQueue[] = []
    const hash = (lane: HashQueue) =>
      hasher
        .hash(new Secret('correct horse'), hasher.newSalt(), hasher.parameters, lane)
        .then(() => order.push(lane))
    const flood = Array.from({ length: 400 }, () => hash('sign-in'))
    const calls = Array.from({ length: 100 }, () => hash('management'))
    await Promise.all(calls)
    const signInsBefore = order.filter((lane) => lane === 'sign-in').length
    await Promise.all(flood)
    // two that ran already, and one beside each call; hashes of one length may end a few places apart
    expect(signInsBefore).toBeLessThanOrEqual(130)
    expect(signInsBefore).toBeGreaterThanOrEqual(70)
  })
})
