import { ApiError } from '../../errors/api-error.ts'
import type { Secret } from '../secret.ts'
import type { PasswordPolicy } from '../tenants/tenant.ts'
import { classesIn } from './character-classes.ts'

export type PasswordViolation =
  | { readonly rule: 'empty' }
  | { readonly rule: 'length'; readonly lengthMin: number; readonly lengthMax: number }
  | { readonly rule: 'classes'; readonly classesMin: number }
  | { readonly rule: 'control_characters' }

/**
 * Every rule of the policy that the password breaks; none: it is allowed.
 * Lengths count characters (code points), not bytes. Nothing is trimmed or truncated (ASVS 5.0, 6.2.8).
 */
export function checkPassword(policy: PasswordPolicy, password: Secret): readonly PasswordViolation[] {
  const text = password.reveal()
  if (text === '') {
    return [{ rule: 'empty' }]
  }
  const violations: PasswordViolation[] = []
  const length = [...text].length
  if (length < policy.lengthMin || length > policy.lengthMax) {
    violations.push({ rule: 'length', lengthMin: policy.lengthMin, lengthMax: policy.lengthMax })
  }
  if (classesIn(text).size < policy.classesMin) {
    violations.push({ rule: 'classes', classesMin: policy.classesMin })
  }
  if (/\p{Cc}|\p{Cs}/u.test(text)) {
    violations.push({ rule: 'control_characters' })
  }
  return violations
}

/**
 * Ends the request when the policy refuses the password, with the code of the first rule broken (contract, section 3.1).
 * @throws ApiError PWD.0001 empty, PWD.0002 length, PWD.0005 any other rule
 */
export function requirePasswordAllowed(policy: PasswordPolicy, password: Secret): void {
  const [violation] = checkPassword(policy, password)
  if (violation === undefined) {
    return
  }
  switch (violation.rule) {
    case 'empty':
      throw new ApiError('PWD.0001')
    case 'length':
      throw new ApiError('PWD.0002', { params: [violation.lengthMin, violation.lengthMax] })
    case 'classes':
      throw new ApiError('PWD.0005', {
        detail: 'classes',
        params: [`at least ${violation.classesMin} of digit, upper case, lower case, special`],
      })
    case 'control_characters':
      throw new ApiError('PWD.0005', { detail: 'control_characters', params: ['no control characters'] })
  }
}
