import { describe, expect, it } from 'vitest'
import { publicText } from '../../errors/api-error.ts'
import { Secret } from '../secret.ts'
import { defaultTenantSettings } from '../tenants/tenant.ts'
import { checkPassword, type PasswordViolation } from './check-password.ts'
import { violationError } from './violation-texts.ts'

const policy = { ...defaultTenantSettings.passwordPolicy, lengthMin: 7, lengthMax: 10 }
const alice = {
  userName: 'Alice.M',
  name: 'Alice Miller',
  email: 'am@acme.example',
  mobile: '+86-13800000001',
}

function textsOf(violation: PasswordViolation) {
  const { code, params } = violationError(violation)
  return { en: publicText(code, 'en', params), zh: publicText(code, 'zh', params) }
}

describe('violationError', () => {
  it.each([
    ['', 'PWD.0001', undefined],
    ['Aa1', 'PWD.0002', undefined],
    ['aLICE.m', 'PWD.0003', undefined],
    ['m.ECILA', 'PWD.0004', undefined],
    ['aaaaaaaaa', 'PWD.0005', 'classes'],
    ['Aa1\n5678', 'PWD.0005', 'control_characters'],
    ['Aa1 xxxx', 'PWD.0005', 'repeats'],
    ['Miller-1', 'PWD.0005', 'contains_name'],
  ])('answers %j with %s', (password, code, detail) => {
    const [violation] = checkPassword(policy, new Secret(password), alice)
    expect(violation && violationError(violation)).toMatchObject({ code, detail })
  })

  it.each([['weak'], ['breached']] as const)('answers a %s one with PWD.0006', (rule) => {
    expect(violationError({ rule })).toMatchObject({ code: 'PWD.0006', detail: rule })
  })

  it('names the rule in the language of the answer, all of it', () => {
    const violations: readonly PasswordViolation[] = [
      { rule: 'classes', classesMin: 3 },
      { rule: 'control_characters' },
      { rule: 'repeats', repeatsMax: 2 },
      ...(['user_name', 'mobile', 'email', 'name'] as const).map(
        (part) => ({ rule: 'user_info', part }) as const,
      ),
    ]
    for (const violation of violations) {
      const { en, zh } = textsOf(violation)
      expect(en).toMatch(/^The password does not meet the verification rules, [ -~]+$/)
      expect(zh).toMatch(/^密码不符合校验规则,[^a-zA-Z]+$/)
    }
    expect(textsOf({ rule: 'repeats', repeatsMax: 2 })).toEqual({
      en: 'The password does not meet the verification rules, at most 2 of one character in a row',
      zh: '密码不符合校验规则,同一字符最多连续出现2次',
    })
  })
})
