import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { SignInFixture } from './sign-in-fixture.ts'

/** What somebody types who guesses. */
export interface Attempt {
  readonly loginName: string
  readonly password: string
}

export const wrong = 'Wrong-password-1'

/** Everything that a wrong password can meet. Whoever guesses must not learn by the effort which of them it met. */
export const guesses: Readonly<Record<string, (f: SignInFixture) => Promise<Attempt>>> = {
  'a known user': async (f) => ({ loginName: (await f.user()).userName, password: wrong }),
  'a known user by mobile number': async (f) => ({
    loginName: (await f.user()).mobile ?? '',
    password: wrong,
  }),
  'a name that nobody has': async () => ({ loginName: `nobody-${randomUUID()}`, password: wrong }),
  'a name that nobody has, once more': async (f) => {
    const loginName = `nobody-${randomUUID()}`
    await guess(f, { loginName, password: wrong })
    return { loginName, password: wrong }
  },
  'a name that nobody has, locked': async (f) => await locked(f, `nobody-${randomUUID()}`),
  'the name that nobody has, as it locks': async (f) => await nearlyLocked(f, `nobody-${randomUUID()}`),
  'a user, as it locks': async (f) => await nearlyLocked(f, (await f.user()).userName),
  'a name that no store can hold': async () => ({ loginName: 'a\u0000b', password: wrong }),
  'a locked user': async (f) => await locked(f, (await f.user()).userName),
  'a locked user, with the right password': async (f) => {
    const user = await f.user()
    return { ...(await locked(f, user.userName)), password: user.password }
  },
  'a disabled user': async (f) => ({
    loginName: (await f.user({ disabled: true })).userName,
    password: wrong,
  }),
  'a user without a password': async (f) => {
    const { credential } = await f.user()
    const user = await f.user({ credential: { ...credential, digest: undefined } })
    return { loginName: user.userName, password: wrong }
  },
  'a user who is being sent a password': async (f) => await resetting(f, ['sending']),
  'a user with redeemable resets': async (f) => await resetting(f, ['unknown', 'unknown', 'sending']),
  'a user with a delivered password': async (f) => await resetting(f, ['accepted']),
  'a user, with a superseded password': async (f) => {
    const user = await f.user()
    const reset = await f.reset(user, 'unknown')
    await f.supersede(user, reset)
    return { loginName: user.userName, password: reset.password }
  },
  'a locked user, with a superseded password': async (f) => {
    const user = await f.user()
    const reset = await f.reset(user, 'unknown')
    await f.supersede(user, reset)
    return { ...(await locked(f, user.userName)), password: reset.password }
  },
}

async function resetting(
  f: SignInFixture,
  states: readonly ('sending' | 'unknown' | 'accepted')[],
): Promise<Attempt> {
  const user = await f.user()
  for (const state of states) {
    await f.reset(user, state)
  }
  return { loginName: user.userName, password: wrong }
}

async function locked(f: SignInFixture, loginName: string): Promise<Attempt> {
  await guess(f, await nearlyLocked(f, loginName))
  return { loginName, password: wrong }
}

/** One wrong password is left. */
async function nearlyLocked(f: SignInFixture, loginName: string): Promise<Attempt> {
  for (let count = 1; count < f.tenant.settings.signIn.attemptsMax; count += 1) {
    await guess(f, { loginName, password: wrong })
  }
  return { loginName, password: wrong }
}

export async function guess(f: SignInFixture, { loginName, password }: Attempt): Promise<void> {
  await expect(f.signIn(loginName, password)).rejects.toMatchObject({
    code: expect.stringMatching(/^SDK\.LOGIN\.100[35]$/),
  })
}

/**
 * What kind each statement is: a read and a write cost different things. The third takes the lock: of a user's row, or
 * by writing what stands there, of the row that counts for nobody's name. To leave a count that is not stored as it is,
 * nothing is deleted where something would be inserted.
 */
export function shapeOf(statements: readonly string[]): readonly string[] {
  const kinds = statements.map((sql) => (/^\s*(\w+)/.exec(sql)?.[1] ?? sql).toLowerCase())
  return kinds.map((kind, index) => (index === 2 ? 'lock' : kind.replace('delete', 'insert')))
}
