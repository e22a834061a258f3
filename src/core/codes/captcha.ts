import { hash, randomInt } from 'node:crypto'
import { createChallenge, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import type { Challenge, Payload } from 'altcha-lib/types'
import { ApiError } from '../../errors/api-error.ts'
import type { Repositories } from '../../store/store.ts'
import { type Clock, MINUTE_MS, SECOND_MS } from '../clock.ts'
import type { Secret } from '../secret.ts'
import type { Tenant } from '../tenants/tenant.ts'

/** Long enough to type an address, and for a slow phone. */
const LIFETIME_MS = 10 * MINUTE_MS

/** How much work a challenge is: `counter` derivations of `cost` rounds, of which at least `counterMin` are needed. */
export interface CaptchaWork {
  readonly cost: number
  readonly counterMin: number
  readonly counterMax: number
}

/** About a second for a phone's four cores, and 2 ms for this server to make one; checking costs a MAC. */
export const captchaWork: CaptchaWork = { cost: 5_000, counterMin: 300, counterMax: 900 }

/** A proof of work that was checked; it still has to be written down as used. */
export interface SolvedCaptcha {
  readonly digest: string
  readonly expiresAt: number
}

/** A proof of work in place of a puzzle: nothing to see, hear or drag, and nobody outside is asked. */
export interface Captcha {
  /** What the widget `altcha`, or any client that knows the protocol (ALTCHA 2), solves. */
  newChallenge(tenant: Tenant): Promise<Challenge>
  /**
   * Undefined: the tenant demands none.
   * @throws ApiError SDK.CAPTCHA.9001 there is none, it is wrong, of another tenant, or too old
   */
  check(call: {
    readonly tenant: Tenant
    readonly captchaToken: Secret | undefined
  }): Promise<SolvedCaptcha | undefined>
}

export function createCaptcha(deps: {
  readonly clock: Pick<Clock, 'now'>
  readonly mac: (purpose: string, value: string) => string
  readonly work: CaptchaWork
}): Captcha {
  const keysOf = ({ id }: Tenant) => ({
    hmacSignatureSecret: deps.mac('captcha', id),
    hmacKeySignatureSecret: deps.mac('captcha-key', id),
  })
  return {
    async newChallenge(tenant) {
      const { cost, counterMin, counterMax } = deps.work
      return await createChallenge({
        ...keysOf(tenant),
        algorithm: 'PBKDF2/SHA-256',
        cost,
        counter: randomInt(counterMin, counterMax),
        deriveKey,
        expiresAt: Math.floor((deps.clock.now() + LIFETIME_MS) / SECOND_MS),
      })
    },

    async check({ tenant, captchaToken }) {
      if (tenant.settings.codes.captcha === 'none') {
        return undefined
      }
      const payload = readPayload(captchaToken)
      const expiresAt = (payload?.challenge.parameters.expiresAt ?? 0) * SECOND_MS
      if (
        payload === undefined ||
        expiresAt <= deps.clock.now() ||
        !(await isSolved(payload, keysOf(tenant)))
      ) {
        throw badCaptcha()
      }
      // what is signed and unlike any other, however the rest was written down
      return { digest: hash('sha256', payload.challenge.parameters.nonce, 'hex'), expiresAt }
    },
  }
}

/**
 * Writes a captcha down as used; call in the transaction of what it is for.
 * @throws ApiError SDK.CAPTCHA.9001 it was used before
 */
export async function useCaptcha(
  { usedCaptchas }: Pick<Repositories, 'usedCaptchas'>,
  tenantId: string,
  solved: SolvedCaptcha | undefined,
): Promise<void> {
  if (solved !== undefined && !(await usedCaptchas.insert(tenantId, solved.digest, solved.expiresAt))) {
    throw badCaptcha()
  }
}

/** Missing, wrong, used and expired ones alike. */
function badCaptcha(): ApiError {
  return new ApiError('SDK.CAPTCHA.9001')
}

async function isSolved(
  payload: Payload,
  keys: { readonly hmacSignatureSecret: string; readonly hmacKeySignatureSecret: string },
): Promise<boolean> {
  try {
    const { challenge, solution } = payload
    const { verified } = await verifySolution({ ...keys, challenge, solution, deriveKey })
    return verified
  } catch {
    return false // whatever shape the client gave it
  }
}

/** Only challenges of ours have a signature that fits, so their parameters bound the work; the rest is refused here. */
function readPayload(token: Secret | undefined): Payload | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(token?.reveal() ?? '', 'base64').toString())
    const { challenge, solution } = read as Partial<Payload>
    const isWhole =
      typeof challenge?.signature === 'string' &&
      typeof challenge.parameters?.expiresAt === 'number' &&
      typeof challenge.parameters.nonce === 'string' &&
      typeof challenge.parameters.keySignature === 'string' &&
      typeof solution?.derivedKey === 'string' &&
      typeof solution.counter === 'number'
    return isWhole ? { challenge, solution } : undefined
  } catch {
    return undefined
  }
}
