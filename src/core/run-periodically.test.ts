import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type PeriodicJob, runPeriodically } from './run-periodically.ts'

const INTERVAL_MS = 1_000
// pauses are spread by a quarter: 875 to 1,125 ms
const LONGEST_PAUSE_MS = 1_125

describe('runPeriodically', () => {
  const jobs: PeriodicJob[] = []
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(async () => {
    await Promise.all(jobs.splice(0).map((job) => job.stop()))
    vi.useRealTimers()
  })

  function start(
    job: (isStopping: () => boolean) => Promise<unknown>,
    onFailure: (cause: unknown) => void = () => undefined,
  ) {
    const started = runPeriodically(INTERVAL_MS, job, onFailure)
    jobs.push(started)
    return started
  }

  it('waits for the first pause, then runs again and again', async () => {
    let runs = 0
    start(async () => {
      runs += 1
    })
    await vi.advanceTimersByTimeAsync(874)
    expect(runs).toBe(0)
    await vi.advanceTimersByTimeAsync(LONGEST_PAUSE_MS - 874)
    expect(runs).toBe(1)
    await vi.advanceTimersByTimeAsync(20 * LONGEST_PAUSE_MS)
    expect(runs).toBeGreaterThanOrEqual(21)
    expect(runs).toBeLessThanOrEqual(1 + Math.ceil((21 * LONGEST_PAUSE_MS) / 875))
  })

  it('spreads the pauses, so that nodes that started together do not stay in step', async () => {
    const startedAt: number[] = []
    start(async () => {
      startedAt.push(Date.now())
    })
    await vi.advanceTimersByTimeAsync(50 * LONGEST_PAUSE_MS)
    const pauses = startedAt.slice(1).map((at, index) => at - (startedAt[index] ?? 0))
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(875)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(LONGEST_PAUSE_MS)
    expect(new Set(pauses).size).toBeGreaterThan(10)
  })

  it('never runs two at once, however long one takes', async () => {
    let finish = () => {}
    let runs = 0
    start(async () => {
      runs += 1
      await new Promise<void>((resolve) => {
        finish = resolve
      })
    })
    await vi.advanceTimersByTimeAsync(50 * INTERVAL_MS)
    expect(runs).toBe(1)
    finish()
    await vi.advanceTimersByTimeAsync(LONGEST_PAUSE_MS)
    expect(runs).toBe(2)
    finish()
  })

  it('tells of a run that fails, in whatever way, and goes on', async () => {
    const failures: unknown[] = []
    let runs = 0
    start(
      () => {
        runs += 1
        if (runs === 1) {
          throw new Error('before it began')
        }
        return Promise.reject(new Error('store is away'))
      },
      (cause) => failures.push(cause),
    )
    await vi.advanceTimersByTimeAsync(3 * LONGEST_PAUSE_MS)
    expect(runs).toBeGreaterThanOrEqual(3)
    expect(failures.map(String)).toEqual([
      'Error: before it began',
      ...Array.from({ length: runs - 1 }, () => 'Error: store is away'),
    ])
  })

  it('stops within a pause at once, and starts nothing any more', async () => {
    let runs = 0
    const job = start(async () => {
      runs += 1
    })
    await job.stop()
    await vi.advanceTimersByTimeAsync(10 * LONGEST_PAUSE_MS)
    expect(runs).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('stops only when the run under way has ended', async () => {
    let finish = () => {}
    let isStopped = false
    const job = start(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve
        }),
    )
    await vi.advanceTimersByTimeAsync(LONGEST_PAUSE_MS)
    const stopping = job.stop().then(() => {
      isStopped = true
    })
    await vi.advanceTimersByTimeAsync(10 * LONGEST_PAUSE_MS)
    expect(isStopped).toBe(false)
    finish()
    await stopping
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells the run under way that a stop waits for it', async () => {
    const said: boolean[] = []
    let finish = () => {}
    const job = start(async (isStopping) => {
      said.push(isStopping())
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      said.push(isStopping())
    })
    await vi.advanceTimersByTimeAsync(LONGEST_PAUSE_MS)
    const stopping = job.stop()
    finish()
    await stopping
    expect(said).toEqual([false, true])
  })
})
