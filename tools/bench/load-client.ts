import { performance } from 'node:perf_hooks'
import { answerQuestions } from './child.ts'
import { openHttpConnection } from './http-connection.ts'
import { type LoadJob, type LoadResult, USER_PLACE, userKey } from './messages.ts'

/** The callers, in a process of their own: as many calls at any time as the job says, until its time is over. */
answerQuestions(runJob)

async function runJob(job: LoadJob): Promise<LoadResult> {
  const lines = await Promise.all(Array.from({ length: job.connections }, () => openHttpConnection(job.url)))
  const hasUser = job.request.includes(USER_PLACE)
  const underWay = new Set<string>()
  const usersDone = new Set<string>()
  const latenciesMs: number[] = []
  let failures = 0
  let failure: string | undefined
  const startMs = performance.now()
  const endMs = startMs + job.seconds * 1_000

  function drawUser(): string {
    for (;;) {
      const user = userKey(1 + Math.floor(Math.random() * job.users))
      // two calls for one user at once would be one reset
      if (!underWay.has(user)) {
        underWay.add(user)
        return user
      }
    }
  }

  async function callUntilEnd(line: (typeof lines)[number]): Promise<void> {
    while (performance.now() < endMs) {
      const user = hasUser ? drawUser() : ''
      const sentMs = performance.now()
      const { status, body } = await line.call(
        hasUser ? job.request.replaceAll(USER_PLACE, user) : job.request,
      )
      latenciesMs.push(performance.now() - sentMs)
      underWay.delete(user)
      if (status !== 200) {
        failures += 1
        failure ??= `${status} ${body.slice(0, 300)}`
      } else if (hasUser) {
        usersDone.delete(user) // moves to the end
        usersDone.add(user)
      }
    }
  }

  await Promise.all(lines.map(callUntilEnd))
  const seconds = (performance.now() - startMs) / 1_000
  for (const line of lines) {
    line.close()
  }
  return {
    calls: latenciesMs.length,
    failures,
    failure,
    seconds,
    latencyMs: percentiles(latenciesMs),
    usersDone: [...usersDone].slice(-10_000),
  }
}

function percentiles(values: readonly number[]): LoadResult['latencyMs'] {
  const sorted = Float64Array.from(values).sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
