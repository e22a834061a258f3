import { describe, expect, it } from 'vitest'
import { createMetrics } from './metrics.ts'

describe('createMetrics', () => {
  it('counts what it is told, in a registry of its own', async () => {
    const metrics = createMetrics()
    const other = createMetrics()
    metrics.requestAnswered({ method: 'PUT', route: '/users/:user_id/enable', status: 200, seconds: 0.02 })
    metrics.resetSettled('accepted', undefined, 'EMAIL')
    metrics.hashQueued('sign-in', 3)
    metrics.signIn('locked')
    metrics.gatewayAttempt('refused-here')
    metrics.auditSealed(4)
    metrics.auditOldestUnsealed(2_500)
    const text = await metrics.expose()
    expect(text).toContain(
      'rekey_http_requests_total{method="PUT",route="/users/:user_id/enable",status="200"} 1',
    )
    expect(text).toContain('rekey_resets_total{state="accepted",detail="none",channel="EMAIL"} 1')
    expect(text).toContain('rekey_hash_queue_length{lane="sign-in"} 3')
    expect(text).toContain('rekey_sign_ins_total{result="locked"} 1')
    expect(text).toContain('rekey_gateway_attempts_total{outcome="refused-here"} 1')
    expect(text).toContain('rekey_audit_rows_sealed_total 4')
    expect(text).toContain('rekey_audit_oldest_unsealed_seconds 2.5')
    expect(text).toContain('nodejs_eventloop_lag_seconds')
    expect(await other.expose()).not.toContain('rekey_resets_total{')
  })
})
