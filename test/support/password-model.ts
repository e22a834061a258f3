import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/clock.ts'

export type Mode = 'keep-until-used' | 'keep-until-accepted' | 'revoke-now'
export type Channel = 'EMAIL' | 'SMS'
/** How a reset goes at once; `left` has handed the message over and never said how that ended. */
export type Delivery = 'accepted' | 'refused' | 'unknown' | 'left'
/** What a sign-in with a secret comes to. */
export type SignIn = 'session' | 'must change' | 'no'

type State = 'sending' | 'unknown' | 'failed' | 'accepted' | 'used' | 'completed' | 'superseded' | 'expired'

interface ModelReset {
  readonly secret: number
  readonly mode: Mode
  readonly channel: Channel
  readonly deadline: number
  readonly leaseEnds: number
  state: State
  /** The secret is, or was, the password. */
  promoted: boolean
  /** Whoever made the attempt may still say how it ended. */
  mayStillSettle: boolean
}

const LIFETIME_MS: Readonly<Record<Channel, number>> = { EMAIL: 24 * HOUR_MS, SMS: HOUR_MS }
const LEASE_MS = 55 * SECOND_MS
const STATE_TOKEN_MS = 15 * MINUTE_MS
const open: readonly State[] = ['sending', 'unknown', 'accepted', 'used']

/**
 * Which passwords of one user sign in: the table and the rules of the reset protocol and nothing else. Secrets are
 * numbers, 0 is the password that the user had at first. Shares no code with what it is compared with.
 */
export class PasswordModel {
  private resets: ModelReset[] = []
  private current: { secret: number; reset: ModelReset | undefined } | undefined = {
    secret: 0,
    reset: undefined,
  }
  private version = 0
  private token: { version: number; until: number } | undefined
  protected disabled = false
  /** Of unknown outcome, that can be used. */
  protected readonly unknownMax: number = 3

  get isDisabled(): boolean {
    return this.disabled
  }

  /** The user's own password, if that is what signs in. */
  get ownSecret(): number | undefined {
    return this.current?.reset === undefined ? this.current?.secret : undefined
  }

  /** Whether a reset would have to wait for another, or be an equal one's. */
  mustWait({ mode, channel }: { readonly mode: Mode; readonly channel: Channel }, now: number): boolean {
    const inFlight = this.resets.find((one) => one.state === 'sending' && one.leaseEnds > now)
    return (
      inFlight !== undefined &&
      (mode !== 'revoke-now' || (inFlight.mode === mode && inFlight.channel === channel))
    )
  }

  signIn(secret: number, now: number): SignIn {
    if (this.disabled) {
      return 'no'
    }
    const reset = this.resets.find((one) => one.secret === secret)
    if (reset === undefined) {
      return this.current?.secret === secret ? 'session' : 'no'
    }
    const isPassword = this.current?.reset === reset && (reset.state === 'accepted' || reset.state === 'used')
    return (isPassword || this.isRedeemable(reset)) && reset.deadline > now ? 'must change' : 'no'
  }

  /** A user who is disabled gets none. */
  reset(p: { secret: number; mode: Mode; channel: Channel; delivery: Delivery; now: number }): void {
    if (this.disabled) {
      return
    }
    this.releaseLeases(p.now)
    if (p.mode === 'revoke-now') {
      this.supersede(this.resets)
      this.current = undefined
      this.version += 1
    }
    const reset: ModelReset = {
      ...p,
      deadline: p.now + LIFETIME_MS[p.channel],
      leaseEnds: p.now + LEASE_MS,
      state: 'sending',
      promoted: false,
      mayStillSettle: true,
    }
    this.resets.push(reset)
    if (p.delivery !== 'left') {
      this.settle(p.secret, p.delivery)
    }
  }

  /** How the attempt ended, perhaps long after. */
  settle(secret: number, outcome: 'accepted' | 'refused' | 'unknown'): void {
    const reset = this.resets.find((one) => one.secret === secret)
    const isUndecided = reset?.state === 'sending' || reset?.state === 'unknown'
    if (reset === undefined || !isUndecided || !reset.mayStillSettle) {
      return
    }
    reset.mayStillSettle = false
    if (outcome === 'refused') {
      reset.state = 'failed'
    } else if (outcome === 'unknown') {
      this.becomeUnknown(reset)
    } else {
      reset.state = 'accepted'
      if (reset.mode === 'keep-until-used') {
        this.supersede(this.before(reset).filter((one) => !one.promoted))
      } else {
        this.promote(reset)
      }
    }
  }

  use(secret: number, now: number): void {
    const reset = this.resets.find((one) => one.secret === secret)
    if (reset === undefined || this.disabled) {
      return
    }
    if (this.signIn(secret, now) !== 'must change') {
      this.expire(reset, now) // whoever comes too late is told so, and with that it is over
      return
    }
    if (this.isRedeemable(reset)) {
      this.promote(reset)
    }
    reset.state = 'used'
    reset.mayStillSettle = false
    this.token = { version: this.version, until: now + STATE_TOKEN_MS }
  }

  /** Whether the newest state token still chooses a password. */
  mayChoose(now: number): boolean {
    return (
      this.token !== undefined &&
      !this.disabled &&
      this.token.version === this.version &&
      this.token.until > now
    )
  }

  /** A password of the user's own took the place of the current one. */
  chooseOwn(secret: number): void {
    if (this.current?.reset?.state === 'used') {
      this.current.reset.state = 'completed'
    }
    this.supersede(this.resets)
    this.current = { secret, reset: undefined }
    this.version += 1
  }

  changeContact(channel: Channel): void {
    const ended = this.resets.filter(
      (one) => one.channel === channel && one.state !== 'used' && open.includes(one.state),
    )
    this.supersede(ended)
    this.voidPasswordOf(ended)
  }

  disable(): void {
    if (this.disabled) {
      return
    }
    const ended = this.resets.filter((one) => open.includes(one.state))
    this.supersede(ended)
    this.voidPasswordOf(ended)
    this.version += 1
    this.disabled = true
  }

  enable(): void {
    this.disabled = false
  }

  /** Recovery came by. */
  sweep(now: number): void {
    this.releaseLeases(now)
    for (const reset of this.resets) {
      this.expire(reset, now)
    }
  }

  private expire(reset: ModelReset, now: number): void {
    const mayExpire =
      reset.state === 'unknown' ||
      reset.state === 'accepted' ||
      (reset.state === 'used' && !this.mayChoose(now))
    if (mayExpire && reset.deadline <= now) {
      reset.state = 'expired'
      this.voidPasswordOf([reset])
    }
  }

  private isRedeemable(reset: ModelReset): boolean {
    return (
      reset.state === 'sending' ||
      reset.state === 'unknown' ||
      (reset.state === 'accepted' && !reset.promoted)
    )
  }

  private promote(reset: ModelReset): void {
    reset.promoted = true
    this.supersede(this.before(reset))
    this.current = { secret: reset.secret, reset }
    this.version += 1
  }

  private before(reset: ModelReset): ModelReset[] {
    return this.resets.slice(0, this.resets.indexOf(reset))
  }

  protected supersede(resets: readonly ModelReset[]): void {
    for (const reset of resets) {
      if (open.includes(reset.state)) {
        reset.state = 'superseded'
      }
    }
  }

  private voidPasswordOf(resets: readonly ModelReset[]): void {
    if (this.current?.reset !== undefined && resets.includes(this.current.reset)) {
      this.current = undefined
      this.version += 1
    }
  }

  private releaseLeases(now: number): void {
    for (const reset of this.resets) {
      if (reset.state === 'sending' && reset.leaseEnds <= now) {
        this.becomeUnknown(reset)
      }
    }
  }

  private becomeUnknown(reset: ModelReset): void {
    reset.state = 'unknown'
    this.supersede(this.resets.filter((one) => one.state === 'unknown').slice(0, -this.unknownMax))
  }
}
