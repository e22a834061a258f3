import { expect, it } from 'vitest'
import { settingDefinitions } from '../config/schema.ts'
import { defaultHttpLimits } from './http-limits.ts'

it('no setting lets a reset take longer than a connection may be silent', () => {
  const callSecondsMax = settingDefinitions.resetCallDeadlineMs.type.max
  expect(defaultHttpLimits.idleTimeoutMs).toBeGreaterThan(1_000 * callSecondsMax)
})
