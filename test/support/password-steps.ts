import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../src/core/clock.ts'
import { noChannelLimits } from '../../src/core/password/channel-limits.ts'
import { recordAttempt } from '../../src/core/reset/record-attempt.ts'
import { recoverResets } from '../../src/core/reset/recover-resets.ts'
import type { ResetFlight } from '../../src/core/reset/reset-run.ts'
import { settleReset } from '../../src/core/reset/settle-reset.ts'
import { withdrawForChangedContact } from '../../src/core/reset/withdraw-resets.ts'
import { Secret } from '../../src/core/secret.ts'
import { createAddressLimit } from '../../src/core/signin/address-limit.ts'
import { changeOwnPassword } from '../../src/core/signin/change-own-password.ts'
import { signIn } from '../../src/core/signin/sign-in.ts'
import type { SignInAnswer } from '../../src/core/signin/sign-in-calls.ts'
import type { SignInDeps } from '../../src/core/signin/sign-in-deps.ts'
import { updateExpiredPassword } from '../../src/core/signin/update-expired-password.ts'
import { createHashUpgrades } from '../../src/core/signin/upgrade-hash.ts'
import { createIdTokenSigner } from '../../src/core/tokens/create-id-token-signer.ts'
import { disableUser, enableUser } from '../../src/core/users/change-user-state.ts'
import { ApiError } from '../../src/errors/api-error.ts'
import type { MessageSender, SendOutcome } from '../../src/messaging/message-sender.ts'
import { createSeal } from '../../src/store/seal.ts'
import type { Channel, Delivery, Mode, PasswordModel, SignIn } from './password-model.ts'
import { chosenPassword } from './passwords.ts'
import type { ResetFixture } from './reset-fixture.ts'
import type { SeededUser } from './seed-tenant.ts'
import { sharedStrengthJudge } from './shared-strength-judge.ts'
import { undoing } from './undoing-store.ts'

/** One thing that happens to the user. `nth` counts from the newest, and wraps. */
export type Step =
  | { readonly do: 'reset'; readonly mode: Mode; readonly channel: Channel; readonly delivery: Delivery }
  | { readonly do: 'settle'; readonly nth: number; readonly outcome: 'accepted' | 'refused' | 'unknown' }
  | { readonly do: 'use'; readonly nth: number }
  | { readonly do: 'choose' | 'change own' | 'disable' | 'enable' | 'sweep' }
  | { readonly do: 'change contact'; readonly channel: Channel }
  | { readonly do: 'pass'; readonly ms: number }

const step = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary })
const channel = fc.constantFrom<Channel>('EMAIL', 'SMS')
const mode = fc.constantFrom<Mode>('keep-until-used', 'keep-until-accepted', 'revoke-now')
const delivery = fc.constantFrom<Delivery>('accepted', 'refused', 'unknown', 'left')
const outcome = fc.constantFrom('accepted' as const, 'refused' as const, 'unknown' as const)
const nth = fc.nat(4)
// never a sum of these: a lifetime (60 min, 24 h), a state token's (15 min) or a lease's (55 s)
const ms = fc.constantFrom(7 * MINUTE_MS, 61 * MINUTE_MS, 25 * HOUR_MS)
export const steps = fc.array(
  fc.oneof(
    step(9, fc.record({ do: fc.constant('reset' as const), mode, channel, delivery })),
    step(2, fc.record({ do: fc.constant('settle' as const), nth, outcome })),
    step(5, fc.record({ do: fc.constant('use' as const), nth })),
    step(
      5,
      fc.record({
        do: fc.constantFrom('choose', 'change own', 'enable', 'enable', 'sweep', 'sweep', 'disable'),
      }),
    ),
    step(1, fc.record({ do: fc.constant('change contact' as const), channel })),
    step(3, fc.record({ do: fc.constant('pass' as const), ms })),
  ),
  { minLength: 3, maxLength: 16 },
)

interface Running {
  readonly f: ResetFixture
  readonly signIns: { readonly real: SignInDeps; readonly undone: SignInDeps }
  readonly user: SeededUser
  readonly model: PasswordModel
  readonly secrets: string[]
  /** Handed over and not settled, by secret, oldest first. */
  readonly left: Map<number, ResetFlight>
  token: { readonly stateToken: Secret; readonly secret: string } | undefined
  contacts: number
}

/** The step on the real workflow over a real store, and on the model. What cannot be done now is left out. */
async function take(running: Running, step: Step): Promise<void> {
  const { f, model, user } = running
  const now = f.clock.now()
  switch (step.do) {
    case 'reset':
      return model.mustWait(step, now) ? undefined : await reset(running, step, now)
    case 'settle':
      return await settle(running, step)
    case 'use':
      return await use(running, step.nth, now)
    case 'choose':
      return await choose(running, now)
    case 'change own':
      return await changeOwn(running)
    case 'change contact':
      return await changeContact(running, step.channel, now)
    case 'disable':
      await disableUser(f.deps.store, callerOf(f), user.id)
      return model.disable()
    case 'enable':
      await enableUser(f.deps.store, callerOf(f), user.id)
      return model.enable()
    case 'sweep':
      await recoverResets(f.deps.store, () => undefined)
      return model.sweep(now)
    case 'pass':
      return f.clock.advance(step.ms)
  }
}

const callerOf = (f: ResetFixture) => ({
  tenant: f.tenant,
  application: f.application,
  requestId: 'request-1',
})

async function reset(
  { f, model, user, secrets, left }: Running,
  p: Extract<Step, { do: 'reset' }>,
  now: number,
): Promise<void> {
  const secret = secrets.length
  if (p.delivery === 'left' && !model.isDisabled) {
    const current = { ...(await f.findUser(user)), password: user.password }
    const { flight, password } = await f.open(current, {}, p.channel, p.mode)
    await (await recordAttempt(f.deps, flight, 'gateway', undefined))?.mayHandOver()
    secrets.push(password.secret.reveal())
    left.set(secret, flight)
  } else {
    let delivered: string | undefined
    const sender = scriptedSender(p.delivery, (password) => {
      delivered = password
    })
    const answer = await f.reset(user, { sender }, p.channel, p.mode).then(
      () => 'accepted',
      (error: unknown) => (error instanceof ApiError ? error.code : Promise.reject(error)),
    )
    const refusal = model.isDisabled ? 'USER.9001' : 'MSG.0001'
    expect(answer).toBe(p.delivery === 'accepted' && !model.isDisabled ? 'accepted' : refusal)
    secrets.push(delivered ?? 'never made')
  }
  model.reset({ ...p, secret, now })
}

/** A gateway that does as it is told; what leads to it and what comes of its answer is the real workflow. */
function scriptedSender(delivery: Delivery, onPassword: (password: string) => void): MessageSender {
  return {
    hasGateway: async () => true,
    limitsOf: async () => noChannelLimits,
    async send(request) {
      if (!('password' in request.variables)) {
        throw new Error('a reset sends its password')
      }
      onPassword(request.variables.password.reveal())
      const handOver = await request.recordAttempt('gateway', undefined)
      await handOver?.mayHandOver()
      return handOver === undefined ? { kind: 'stopped' } : outcomeOf(delivery)
    },
    close: async () => undefined,
  }
}

function outcomeOf(delivery: Delivery): SendOutcome {
  const gateway = 'gateway'
  switch (delivery) {
    case 'accepted':
      return { kind: 'accepted', gateway, reply: '' }
    case 'refused':
      return { kind: 'refused', reason: 'gateway_refused', gateway, reply: '' }
    case 'unknown':
    case 'left':
      return { kind: 'unknown', reason: 'gateway_connection_lost', gateway, reply: '' }
  }
}

/** A gateway's late word: the attempt's call still has time. */
async function settle(
  { f, model, left }: Running,
  p: { readonly nth: number; readonly outcome: 'accepted' | 'refused' | 'unknown' },
): Promise<void> {
  const waiting = [...left].toReversed()
  const [secret, flight] = waiting[p.nth % Math.max(1, waiting.length)] ?? []
  if (secret === undefined || flight === undefined) {
    return
  }
  left.delete(secret)
  const run = { ...flight.run, deadlineMonotonicMs: f.clock.monotonicMs() + f.deps.callDeadlineMs }
  await settleReset(f.deps, { ...flight, run }, outcomeOf(p.outcome))
  model.settle(secret, p.outcome)
}

async function use(running: Running, fromNewest: number, now: number): Promise<void> {
  const { signIns, secrets, model } = running
  const index = secrets.length - 1 - (fromNewest % secrets.length)
  const secret = secrets[index] ?? ''
  const answer = await trySignIn(running, signIns.real, secret)
  if (answer?.status === 'PASSWORD_EXPIRED') {
    running.token = { stateToken: answer.stateToken, secret }
  }
  model.use(index, now)
}

async function trySignIn(
  { f, user }: Running,
  deps: SignInDeps,
  password: string,
): Promise<SignInAnswer | undefined> {
  const call = {
    ...callerOf(f),
    address: undefined,
    loginName: user.userName,
    password: new Secret(password),
  }
  try {
    return await signIn(deps, call)
  } catch (error) {
    if (error instanceof ApiError && error.code.startsWith('SDK.LOGIN.')) {
      return undefined
    }
    throw error
  }
}

async function choose(running: Running, now: number): Promise<void> {
  const { f, signIns, secrets, model, token } = running
  if (token === undefined) {
    return
  }
  const chosen = chosenPassword()
  const answer = await updateExpiredPassword(signIns.real, {
    ...callerOf(f),
    address: undefined,
    stateToken: token.stateToken,
    oldPassword: new Secret(token.secret),
    newPassword: new Secret(chosen),
  }).then(
    () => 'chosen',
    (error: unknown) => (error instanceof ApiError ? error.code : Promise.reject(error)),
  )
  expect(answer).toBe(model.mayChoose(now) ? 'chosen' : 'SDK.COMMON.1005')
  if (answer === 'chosen') {
    running.token = undefined
    model.chooseOwn(secrets.push(chosen) - 1)
  }
}

async function changeOwn(running: Running): Promise<void> {
  const { f, signIns, secrets, model } = running
  const own = model.isDisabled ? undefined : secrets[model.ownSecret ?? -1]
  const session = own === undefined ? undefined : await trySignIn(running, signIns.real, own)
  if (own === undefined || session?.status !== 'SUCCESS') {
    return
  }
  const chosen = chosenPassword()
  await changeOwnPassword(signIns.real, {
    ...callerOf(f),
    address: undefined,
    idToken: session.idToken,
    oldPassword: new Secret(own),
    newPassword: new Secret(chosen),
  })
  model.chooseOwn(secrets.push(chosen) - 1)
}

async function changeContact(running: Running, changed: Channel, now: number): Promise<void> {
  const { f, user, model } = running
  running.contacts += 1
  const change =
    changed === 'EMAIL'
      ? { email: `${running.contacts}-${user.email}` }
      : { mobile: `${user.mobile}${running.contacts}` }
  await f.deps.store.transaction(async (repositories) => {
    const current = await repositories.users.lock(user.tenantId, user.id)
    const after = { ...(current ?? user), ...change }
    const record = { actor: { kind: 'operator', id: undefined }, requestId: undefined } as const
    const { email, mobile } = after
    await withdrawForChangedContact(repositories, { user: current ?? user, email, mobile, ...record, now })
    await repositories.users.update(after)
  })
  model.changeContact(changed)
}

/** What every secret that there ever was comes to, without that anything changes by the question. */
async function answersOf(running: Running): Promise<readonly SignIn[]> {
  const answers: SignIn[] = []
  for (const secret of running.secrets) {
    const answer = await trySignIn(running, running.signIns.undone, secret)
    answers.push(
      answer?.status === 'SUCCESS' ? 'session' : answer?.status === 'PASSWORD_EXPIRED' ? 'must change' : 'no',
    )
  }
  return answers
}

export function createSignIns({ deps, clock }: ResetFixture): Running['signIns'] {
  const { store, hasher, random, mac, sealAddress } = deps
  const seal = createSeal(randomBytes(32))
  const signer = createIdTokenSigner({ store, seal, clock, random, publicUrl: undefined })
  const real = {
    ...{ store, hasher, signer, random, mac, sealAddress, addresses: createAddressLimit(clock) },
    judges: { strength: sharedStrengthJudge, breaches: undefined },
    hashUpgrades: createHashUpgrades({ store, hasher, onSkipped: () => undefined }),
    onSettled: () => undefined,
  }
  return { real, undone: { ...real, store: undoing(store) } }
}

/**
 * The steps on a user of their own; after each, exactly those passwords sign in that the model says. @throws Error when
 * the two differ
 */
export async function compareWithModel(
  f: ResetFixture,
  signIns: ReturnType<typeof createSignIns>,
  model: PasswordModel,
  sequence: readonly Step[],
): Promise<void> {
  const user = await f.user()
  const running: Running = {
    ...{ f, signIns, user, model, secrets: [user.password], left: new Map() },
    ...{ token: undefined, contacts: 0 },
  }
  for (const [at, one] of sequence.entries()) {
    await take(running, one)
    const expected = running.secrets.map((_secret, index) => model.signIn(index, f.clock.now()))
    expect({ at, answers: await answersOf(running) }).toEqual({ at, answers: expected })
  }
}
