import { expect, it } from 'vitest'
import { aReset } from '../../test/support/sample-rows.ts'
import { createLogger } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { recordSettled } from './record-settled.ts'

const user = { tenantId: 't-1', id: 'u-1' }

async function recorded(change: Parameters<typeof aReset>[1]) {
  const lines: string[] = []
  const logger = createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } })
  const metrics = createMetrics()
  recordSettled(logger, metrics, aReset(user, change))
  return { log: lines.join(''), metrics: await metrics.expose() }
}

it('is loud about a delivered password that ran out unused: a warning and a metric', async () => {
  const { log, metrics } = await recorded({ state: 'expired', promotedAt: 1 })
  expect(log).toMatch(/"level":"warn".*"userId":"u-1".*ran out unused/)
  expect(metrics).toContain('rekey_resets_expired_unused_total{channel="EMAIL"} 1')
})

it.each([
  { state: 'expired' },
  { state: 'expired', promotedAt: 1, usedAt: 2 },
  { state: 'accepted', promotedAt: 1 },
] as const)('counts %j, and is not loud', async (change) => {
  const { log, metrics } = await recorded(change)
  expect(log).not.toContain('"level":"warn"')
  expect(metrics).toContain(`rekey_resets_total{state="${change.state}",detail="none",channel="EMAIL"} 1`)
  expect(metrics).not.toContain('rekey_resets_expired_unused_total{')
})
