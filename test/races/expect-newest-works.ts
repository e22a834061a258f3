import { expect } from 'vitest'
import type { Reset } from '../../src/core/reset/reset-state.ts'
import type { ApiClient } from '../support/api-client.ts'
import { expectMustChange, expectRefused } from '../support/passwords.ts'
import type { SeededUser } from '../support/seed-tenant.ts'

/** Of all delivered passwords exactly that of the newest reset signs in; the others and the user's own do not. */
export async function expectOnlyNewestWorks(
  client: ApiClient,
  user: SeededUser,
  resets: readonly Reset[],
  delivered: ReadonlyMap<string, string>,
): Promise<void> {
  const newest = resets.at(-1)
  const passwords = resets.map((reset) => delivered.get(reset.id) ?? '')
  expect(new Set(passwords).size).toBe(resets.length)
  expect(delivered.size).toBe(resets.length)
  expect(resets.map((reset) => reset.state)).toEqual(
    resets.map((reset) => (reset === newest ? 'accepted' : 'superseded')),
  )
  for (const password of [...passwords.slice(0, -1), user.password]) {
    await expectRefused(client, user.userName, password)
  }
  await expectMustChange(client, user.userName, passwords.at(-1) ?? '')
}

/** No reset was prepared before the one before it had settled. */
export function expectOneInFlightAtATime(resets: readonly Reset[]): void {
  expect(resets.map((reset) => reset.sequence)).toEqual(resets.map((_reset, at) => at + 1))
  for (const [at, reset] of resets.entries()) {
    const before = resets[at - 1]
    expect(reset.preparedAt).toBeGreaterThanOrEqual(before?.settledAt ?? 0)
    expect(reset.settledAt).toBeGreaterThanOrEqual(reset.preparedAt)
  }
}
