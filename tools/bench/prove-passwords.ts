import type { BenchServer } from './bench-server.ts'
import { openHttpConnection } from './http-connection.ts'
import type { Bench } from './measure.ts'
import { signInRequest } from './requests.ts'

/**
 * Signs in with the passwords in the newest mails of these users, and tells how many did: a delivered password is
 * answered PASSWORD_EXPIRED with a token that only lets another be chosen.
 * @throws Error when one of them does not sign in
 */
export async function provePasswords(
  bench: Bench,
  server: BenchServer,
  users: readonly string[],
): Promise<{ readonly asked: number; readonly signedIn: number }> {
  const sample = spread([...new Set(users)], bench.settings.proofs)
  const addresses = sample.map((user) => `u${user}@bench.example`)
  const texts = await bench.gateway.ask<readonly string[]>({ kind: 'texts', addresses })
  const line = await openHttpConnection(server.url)
  let signedIn = 0
  for (const [index, user] of sample.entries()) {
    const [, password = ''] = (texts[index] ?? '').split(/\r?\n/)
    const { status, body } = await line.call(signInRequest(user, password))
    if (status === 200 && body.includes('"PASSWORD_EXPIRED"') && body.includes('"state_token"')) {
      signedIn += 1
    }
  }
  line.close()
  bench.note(`  ${signedIn} of ${sample.length} delivered passwords signed in`)
  if (signedIn < sample.length || sample.length === 0) {
    throw new Error(`${sample.length - signedIn} of ${sample.length} delivered passwords did not sign in`)
  }
  return { asked: sample.length, signedIn }
}

/** As many as wanted, over the whole list. */
function spread(users: readonly string[], count: number): readonly string[] {
  const step = Math.max(1, users.length / count)
  return users
    .filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step))
    .slice(0, count)
}
