import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ApiError } from '../../errors/api-error.ts'
import { systemRandomBytes } from '../randomness.ts'
import { defaultTenantSettings, type PasswordPolicy, type SendMode } from '../tenants/tenant.ts'
import { combineLimits } from './channel-limits.ts'
import { checkPassword } from './check-password.ts'
import { explainUndeliverable } from './explain-undeliverable.ts'
import { GENERATED_BITS_MIN, generatedPasswordBits, generatePassword } from './generate-password.ts'

const defaultPolicy = defaultTenantSettings.passwordPolicy

const about = {
  userName: 'alice',
  name: 'Alice Miller',
  email: 'alice@acme.example',
  mobile: '+86-13800000001',
}

const anyPolicy = fc.record({
  lengthMin: fc.integer({ min: 1, max: 70 }),
  lengthMax: fc.integer({ min: 1, max: 128 }),
  classesMin: fc.integer({ min: 0, max: 4 }),
  repeatsMax: fc.integer({ min: 0, max: 4 }),
})

function policyWith(change: Partial<PasswordPolicy>): PasswordPolicy {
  return { ...defaultPolicy, ...change }
}

describe('generatePassword', () => {
  it.each([
    ['EMAIL', 16],
    ['SMS', 12],
  ] as const)('makes %s passwords of %i characters under the default policy', (sendMode, length) => {
    expect(
      generatePassword(defaultPolicy, sendMode, { about, random: systemRandomBytes }).reveal(),
    ).toHaveLength(length)
  })

  it('always stays inside the policy, or the policy is said to be undeliverable', () => {
    fc.assert(
      fc.property(anyPolicy, fc.constantFrom<SendMode>('EMAIL', 'SMS'), (change, sendMode) => {
        const policy = policyWith(change)
        const bits = generatedPasswordBits(policy, sendMode)
        if (bits === undefined) {
          expect(() => generatePassword(policy, sendMode, { about, random: systemRandomBytes })).toThrow(
            ApiError,
          )
          return
        }
        expect(bits).toBeGreaterThanOrEqual(GENERATED_BITS_MIN)
        expect(
          checkPassword(
            policy,
            generatePassword(policy, sendMode, { about, random: systemRandomBytes }),
            about,
          ),
        ).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('stays inside the limits of every gateway too, with 60 bits, or the policy is said to be undeliverable', () => {
    const anyLimits = fc.array(
      fc.record(
        {
          variable_length_max: fc.integer({ min: 1, max: 70 }),
          variable_characters: fc.constantFrom('digits', 'letters', 'alphanumeric', 'any'),
        },
        { requiredKeys: [] },
      ),
      { maxLength: 2 },
    )
    const carries: Record<string, RegExp> = {
      digits: /^\d*$/,
      letters: /^[a-z]*$/i,
      alphanumeric: /^[a-z\d]*$/i,
      any: /^/,
    }
    fc.assert(
      fc.property(anyPolicy, anyLimits, (change, gateways) => {
        const policy = policyWith(change)
        const limits = combineLimits(gateways.map((one) => ({ template_limits: one })))
        const bits = generatedPasswordBits(policy, 'SMS', limits)
        const generate = () => generatePassword(policy, 'SMS', { about, random: systemRandomBytes, limits })
        if (bits === undefined) {
          expect(generate).toThrow('policy_undeliverable')
          expect(explainUndeliverable(policy, 'SMS', limits)).toMatch(
            /^policy_undeliverable: .+: .+, or take SMS/,
          )
          return
        }
        expect(explainUndeliverable(policy, 'SMS', limits)).toBeUndefined()
        expect(bits).toBeGreaterThanOrEqual(GENERATED_BITS_MIN)
        const password = generate()
        expect(checkPassword(policy, password, about)).toEqual([])
        for (const { variable_length_max, variable_characters } of gateways) {
          expect(password.reveal().length).toBeLessThanOrEqual(variable_length_max ?? 1_000)
          expect(password.reveal()).toMatch(carries[variable_characters ?? 'any'] ?? /$^/)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('grows beyond its usual length when the policy wants more', () => {
    const policy = policyWith({ lengthMin: 20 })
    expect(generatePassword(policy, 'SMS', { about, random: systemRandomBytes }).reveal()).toHaveLength(20)
  })

  it('refuses a policy whose longest password has under 60 bits', () => {
    expect(generatedPasswordBits(policyWith({ lengthMin: 4, lengthMax: 11 }), 'EMAIL')).toBeUndefined()
  })

  it('uses no look-alikes and nothing that a channel mangles', () => {
    const policy = policyWith({ classesMin: 4 })
    for (let round = 0; round < 2_000; round += 1) {
      const password = generatePassword(policy, 'EMAIL', { about, random: systemRandomBytes }).reveal()
      expect(password).toMatch(
        /^[ACDEFHJKLMNPQRTUWXYadefhnrt2-9][\w!#*+?-]+[ACDEFHJKLMNPQRTUWXYadefhnrt2-9]$/,
      )
      expect(password).not.toMatch(/[01OoIlizZsSBGbgqVvckmpuwxyj<>&"'`\\%=$@~^|{}[\]]/)
    }
  })

  it('never makes what the policy refuses of this user', () => {
    // a third of all candidates hold one of these
    const owner = {
      ...about,
      name: [...'ACDEFHJ'].flatMap((a) => [...'23456789'].map((b) => `${a}${b}${b}`)).join(' '),
    }
    for (let round = 0; round < 2_000; round += 1) {
      const password = generatePassword(defaultPolicy, 'EMAIL', { about: owner, random: systemRandomBytes })
      expect(checkPassword(defaultPolicy, password, owner)).toEqual([])
    }
  })

  it('says that the policy is undeliverable when every candidate is refused', () => {
    const owner = { ...about, name: '王伟' }
    const always = () => Uint8Array.of(0)
    expect(() =>
      generatePassword(policyWith({ classesMin: 1 }), 'SMS', { about: owner, random: always }),
    ).toThrow('policy_undeliverable')
  })

  it('draws every character evenly (chi-square over a fixed stream)', () => {
    const counts = new Map<string, number>()
    const random = fixedStream()
    const rounds = 20_000
    for (let round = 0; round < rounds; round += 1) {
      // the second character is bound by no rule but the run length
      const character = generatePassword(policyWith({ classesMin: 3 }), 'EMAIL', { about, random })
        .reveal()
        .charAt(1)
      counts.set(character, (counts.get(character) ?? 0) + 1)
    }
    expect(counts.size).toBe(35)
    // digits and lower case are a little likelier, because a candidate without them is thrown away: compare within classes
    for (const members of ['ACDEFHJKLMNPQRTUWXY', 'adefhnrt', '23456789']) {
      const drawn = [...members].map((member) => counts.get(member) ?? 0)
      const expected = drawn.reduce((sum, count) => sum + count, 0) / drawn.length
      const chiSquare = drawn.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
      expect(chiSquare).toBeLessThan(members.length === 19 ? 52.4 : 29.9)
    }
  })

  it('draws each byte value of the source into the same set, whatever the source gives', () => {
    let next = 0
    const counting = (size: number) => Uint8Array.from({ length: size }, () => next++ % 256)
    const first = generatePassword(defaultPolicy, 'EMAIL', { about, random: counting }).reveal()
    expect(
      checkPassword(
        defaultPolicy,
        generatePassword(defaultPolicy, 'EMAIL', { about, random: counting }),
        about,
      ),
    ).toEqual([])
    expect(first).toHaveLength(16)
  })
})

/** Uniform bytes that are the same in every run: SHA-256 of a counter. */
function fixedStream(): (size: number) => Uint8Array {
  let block = Buffer.alloc(0)
  let counter = 0
  return (size) => {
    while (block.length < size) {
      block = Buffer.concat([block, createHash('sha256').update(String(counter)).digest()])
      counter += 1
    }
    const bytes = block.subarray(0, size)
    block = block.subarray(size)
    return bytes
  }
}
