import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabases } from '../../../test/support/databases.ts'
import { PasswordModel } from '../../../test/support/password-model.ts'
import { compareWithModel, createSignIns, type Step, steps } from '../../../test/support/password-steps.ts'
import { useResets } from '../../../test/support/reset-fixture.ts'
import { MINUTE_MS } from '../clock.ts'

const TIME_MS_MAX = 8_000
const RUNS_MAX = 400

/** Histories that chance seldom meets. */
const examples: readonly Step[][] = [
  [
    // an own password survives a kept reset that expired, and the next is accepted late
    { do: 'reset', mode: 'keep-until-used', channel: 'SMS', delivery: 'accepted' },
    { do: 'pass', ms: 61 * MINUTE_MS },
    { do: 'sweep' },
    { do: 'reset', mode: 'keep-until-used', channel: 'SMS', delivery: 'left' },
    { do: 'pass', ms: 7 * MINUTE_MS },
    { do: 'sweep' },
    { do: 'settle', nth: 0, outcome: 'accepted' },
    { do: 'change contact', channel: 'EMAIL' },
    { do: 'change contact', channel: 'SMS' },
  ],
  [
    // a delivered password is the old one of a kept reset, and a revocation takes over from a flight
    { do: 'reset', mode: 'keep-until-accepted', channel: 'EMAIL', delivery: 'accepted' },
    { do: 'reset', mode: 'keep-until-used', channel: 'EMAIL', delivery: 'accepted' },
    { do: 'use', nth: 1 },
    { do: 'reset', mode: 'keep-until-used', channel: 'EMAIL', delivery: 'left' },
    { do: 'reset', mode: 'revoke-now', channel: 'SMS', delivery: 'left' },
    { do: 'settle', nth: 1, outcome: 'accepted' },
    { do: 'use', nth: 0 },
    { do: 'settle', nth: 0, outcome: 'refused' },
    { do: 'choose' },
  ],
  [
    // the fourth that nobody knows of ends the first; the third ends those before it, and the fourth stays
    ...(['keep-until-used', 'keep-until-accepted', 'keep-until-used', 'keep-until-accepted'] as const).map(
      (one): Step => ({ do: 'reset', mode: one, channel: 'EMAIL', delivery: 'unknown' }),
    ),
    { do: 'use', nth: 1 },
    { do: 'use', nth: 0 },
    { do: 'disable' },
    { do: 'enable' },
  ],
]

/** Each breaks one promise of the protocol: what really happens must contradict it. */
const wrongModels: Readonly<Record<string, typeof PasswordModel>> = {
  'acceptance ends the old password, also where it is kept until use': class extends PasswordModel {
    override reset(p: Parameters<PasswordModel['reset']>[0]): void {
      super.reset({ ...p, mode: p.mode === 'keep-until-used' ? 'keep-until-accepted' : p.mode })
    }
  },
  'acceptance leaves the old password': class extends PasswordModel {
    override reset(p: Parameters<PasswordModel['reset']>[0]): void {
      super.reset({ ...p, mode: p.mode === 'keep-until-accepted' ? 'keep-until-used' : p.mode })
    }
  },
  'a revocation waits for acceptance': class extends PasswordModel {
    override reset(p: Parameters<PasswordModel['reset']>[0]): void {
      super.reset({ ...p, mode: p.mode === 'revoke-now' ? 'keep-until-accepted' : p.mode })
    }
  },
  'what may have arrived does not sign in': class extends PasswordModel {
    override settle(...[secret, outcome]: Parameters<PasswordModel['settle']>): void {
      super.settle(secret, outcome === 'unknown' ? 'refused' : outcome)
    }
  },
  'what was refused still signs in': class extends PasswordModel {
    override settle(...[secret, outcome]: Parameters<PasswordModel['settle']>): void {
      super.settle(secret, outcome === 'refused' ? 'unknown' : outcome)
    }
  },
  'use of a delivered password ends nothing': class extends PasswordModel {
    override use(): void {}
  },
  'an own password ends no reset': class extends PasswordModel {
    protected override supersede(): void {}
  },
  'every reset of unknown outcome stays': class extends PasswordModel {
    protected override readonly unknownMax = 4
  },
  'another contact voids nothing': class extends PasswordModel {
    override changeContact(): void {}
  },
  'who was disabled and enabled has what they had': class extends PasswordModel {
    override disable(): void {
      this.disabled = true
    }
  },
  'a delivered password works for ever': class extends PasswordModel {
    override signIn(secret: number): ReturnType<PasswordModel['signIn']> {
      return super.signIn(secret, 0)
    }
  },
}

describe.runIf(testDatabases.includes('sqlite'))('whatever happens to a user', () => {
  const fixture = useResets('sqlite', { oldPassword: 'keep-until-used' })

  let signIns: ReturnType<typeof createSignIns>
  beforeAll(() => {
    signIns = createSignIns(fixture())
  })

  const propertyOf = (Model: typeof PasswordModel, onRun: () => void = () => undefined) =>
    fc.asyncProperty(steps, async (sequence) => {
      await compareWithModel(fixture(), signIns, new Model(), sequence)
      onRun()
    })
  const parameters = {
    numRuns: RUNS_MAX,
    interruptAfterTimeLimit: TIME_MS_MAX,
    examples: examples.map((one) => [one] as [Step[]]),
  }

  it('exactly those passwords sign in that the protocol says, after each step', async () => {
    let runs = 0
    const property = propertyOf(PasswordModel, () => {
      runs += 1
    })
    await fc.assert(property, parameters)
    expect(runs).toBeGreaterThan(examples.length)
  })

  it.each(Object.entries(wrongModels))('and never those of a model that says: %s', async (_says, Wrong) => {
    // the same histories on every machine: what is asked is whether they tell the models apart
    const told = await fc.check(propertyOf(Wrong), { ...parameters, seed: 1, endOnFailure: true })
    expect(told.failed).toBe(true)
    expect(told.errorInstance).toMatchObject({ name: 'AssertionError' })
  })
})
