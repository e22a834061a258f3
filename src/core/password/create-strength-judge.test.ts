import type { Worker } from 'node:worker_threads'
import { afterAll, describe, expect, it } from 'vitest'
import { systemRandomBytes } from '../randomness.ts'
import { Secret } from '../secret.ts'
import { defaultTenantSettings } from '../tenants/tenant.ts'
import {
  type ClosableStrengthJudge,
  createStrengthJudge,
  type StrengthJudgeOptions,
} from './create-strength-judge.ts'
import { generatePassword } from './generate-password.ts'
import { passwordProfiles } from './password-profiles.ts'

const judge = createStrengthJudge()
const opened: ClosableStrengthJudge[] = [judge]
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()))
})

function open(options: StrengthJudgeOptions = {}) {
  const [notes, workers]: [string[], Worker[]] = [[], []]
  const one = createStrengthJudge({
    onTrouble: (note) => notes.push(note),
    onStart: (worker) => workers.push(worker),
    ...options,
  })
  opened.push(one)
  return { judge: one, notes, workers }
}

const isWeak = (password: string, facts: readonly string[] = []) => judge.isWeak(new Secret(password), facts)
const hard = 'Xk2-Tr7!plum9'

describe('the strength of a password', () => {
  it.each([
    ['qwertyuiop123'],
    ['Password1234'],
    ['P@ssw0rd1234'],
    ['P@ssw0rd!P@ssw0rd!'],
    ['letmein12345A'],
    ['abcdefghijklmno'],
    ['Aa1Aa1Aa1Aa1'],
    ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
  ])('refuses %j', async (password) => {
    expect(await isWeak(password)).toBe(true)
  })

  it.each([
    [hard],
    ['correct horse battery staple'],
    ['三人行必有我师焉择其善者而从之'],
    [`${'a'.repeat(40)}${hard}`],
  ])('takes %j', async (password) => {
    expect(await isWeak(password)).toBe(false)
  })

  it('counts what is known of the owner as known, and only of this one', async () => {
    const password = 'Wolperting-Ltd-77'
    expect(await isWeak(password, ['wolperting-ltd'])).toBe(true)
    expect(await isWeak(password)).toBe(false)
  })

  it('takes every generated password, so that none need be judged', async () => {
    const about = { userName: 'alice', name: 'Alice Miller', email: undefined, mobile: undefined }
    const policies = [
      defaultTenantSettings.passwordPolicy,
      passwordProfiles.modern,
      { ...defaultTenantSettings.passwordPolicy, lengthMin: 8, lengthMax: 13 },
    ]
    for (const policy of policies) {
      for (let round = 0; round < 50; round += 1) {
        const password = generatePassword(policy, 'SMS', { about, random: systemRandomBytes })
        expect(await judge.isWeak(password, ['alice', 'miller'])).toBe(false)
      }
    }
  }, 60_000)
})

describe('the thread that judges strength', () => {
  it('starts with the first password only, and one serves many at once', async () => {
    const { judge: mine, workers } = open()
    expect(workers).toHaveLength(0)
    const verdicts = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        mine.isWeak(new Secret(index % 2 ? hard : 'Password1234'), []),
      ),
    )
    expect(verdicts).toEqual(Array.from({ length: 20 }, (_, index) => index % 2 === 0))
    expect(workers).toHaveLength(1)
  })

  it('is replaced when it dies, and the password is judged all the same', async () => {
    const { judge: mine, workers, notes } = open({ onStart: (worker) => died(worker) })
    function died(worker: Worker): void {
      workers.push(worker)
      if (workers.length === 1) void worker.terminate()
    }
    expect(await mine.isWeak(new Secret('Password1234'), [])).toBe(true)
    expect(workers).toHaveLength(2)
    expect(notes).toEqual(['the thread that judges the strength of passwords was lost: it ended'])
  })

  it('answers 503 when it dies again and again, and goes on with the next password', async () => {
    let deaths = 2
    const { judge: mine } = open({
      onStart: (worker) => {
        if (deaths > 0) void worker.terminate()
        deaths -= 1
      },
    })
    await expect(mine.isWeak(new Secret(hard), [])).rejects.toMatchObject({
      code: 'REQUEST.9011',
      detail: 'strength_unavailable',
    })
    expect(await mine.isWeak(new Secret('Password1234'), [])).toBe(true)
  })

  it('lets a password pass that takes too long, says so without the password, and goes on', async () => {
    const slow = '4@8({3€6901!|750$7+2z%4@8({3€6901!|750$7+2z%'
    const { judge: mine, workers, notes } = open({ judgeMsMax: 1 })
    expect(await mine.isWeak(new Secret(slow), [])).toBe(false)
    expect(notes).toEqual(['the strength of a password could not be judged: it counts as strong enough'])
    await mine.isWeak(new Secret(slow), [])
    expect(workers).toHaveLength(2)
  })

  it('takes so many and no more', async () => {
    const { judge: mine } = open()
    const asked = Array.from({ length: 80 }, () => mine.isWeak(new Secret('abc'), []).catch((error) => error))
    const answers = await Promise.all(asked)
    expect(answers.filter((answer) => answer === true)).toHaveLength(65)
    expect(answers.at(-1)).toMatchObject({ code: 'REQUEST.9011', detail: 'strength_queue_full' })
  })

  it('ends when nothing is asked for a while, and comes back', async () => {
    const { judge: mine, workers } = open({ idleMsMax: 1 })
    await mine.isWeak(new Secret(hard), [])
    const [first] = workers
    await new Promise((resolve) => first?.once('exit', resolve))
    expect(await mine.isWeak(new Secret('Password1234'), [])).toBe(true)
    expect(workers).toHaveLength(2)
  })

  it('leaves nobody waiting when it is closed', async () => {
    const { judge: mine } = open()
    const asked = [mine.isWeak(new Secret(hard), []), mine.isWeak(new Secret(hard), [])].map((one) =>
      one.catch((error: unknown) => error),
    )
    await mine.close()
    for (const answer of await Promise.all(asked)) {
      expect(answer).toMatchObject({ code: 'REQUEST.9011', detail: 'strength_unavailable' })
    }
    await expect(mine.isWeak(new Secret(hard), [])).rejects.toMatchObject({ code: 'REQUEST.9011' })
  })
})
