import { describe, expect, it } from 'vitest'
import { sharedStrengthJudge } from '../../../test/support/shared-strength-judge.ts'
import { createBreachJudge } from '../../breaches/create-breach-judge.ts'
import { Secret } from '../secret.ts'
import { defaultTenantSettings, type PasswordPolicy } from '../tenants/tenant.ts'
import { judgePassword } from './judge-password.ts'

const alice = {
  userName: 'wolperting',
  name: 'Zyxanthe Okonkwo',
  email: 'quillfeather@acme.example',
  mobile: '+86-13916273845',
}
const hard = 'Xk2-Tr7!plum9'

async function judge(password: string, change: Partial<PasswordPolicy> = {}, source?: string) {
  const passwordPolicy = { ...defaultTenantSettings.passwordPolicy, ...change }
  const judges = {
    strength: sharedStrengthJudge,
    breaches: source === undefined ? undefined : createBreachJudge(source),
  }
  const tenant = { name: 'Brackenfjord Ltd', settings: { ...defaultTenantSettings, passwordPolicy } }
  return await judgePassword(judges, tenant, new Secret(password), alice)
}

describe('weak_passwords', () => {
  it('refuses what follows from a list, unless the tenant allows it', async () => {
    expect(await judge('Password1234')).toEqual([{ rule: 'weak' }])
    expect(await judge('Password1234', { weakPasswords: 'allow' })).toEqual([])
    expect(await judge(hard)).toEqual([])
  })

  it.each([['Wolperting-77'], ['Okonkwo-2024'], ['Quillfeather7'], ['Brackenfjord-1'], ['X-13916273845']])(
    'knows who the owner is, and where: %s',
    async (password) => {
      expect(await judge(password, { userInfo: 'allow' })).toEqual([{ rule: 'weak' }])
    },
  )

  it('comes after every other rule, and asks nobody then', async () => {
    expect(await judge('password')).toMatchObject([{ rule: 'length' }, { rule: 'classes' }])
  })
})

describe('breached_passwords', () => {
  const away = 'http://127.0.0.1:9'
  it('is not asked unless the tenant wants it', async () => {
    expect(await judge(hard, { breachedOnFailure: 'refuse' }, away)).toEqual([])
  })

  it.each([[away], [undefined]])(
    'fails as the tenant says when the source %s has no answer',
    async (source) => {
      expect(await judge(hard, { breachedPasswords: 'refuse' }, source)).toEqual([])
      const strict = { breachedPasswords: 'refuse', breachedOnFailure: 'refuse' } as const
      await expect(judge(hard, strict, source)).rejects.toMatchObject({
        code: 'REQUEST.9011',
        detail: 'breach_check_failed',
      })
    },
  )
})
