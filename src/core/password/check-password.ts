import type { Secret } from '../secret.ts'
import type { PasswordPolicy } from '../tenants/tenant.ts'
import { classesIn } from './character-classes.ts'
import {
  isUserName,
  isUserNameReversed,
  type PasswordOwner,
  type UserInfoPart,
  userInfoIn,
} from './user-info.ts'

export type PasswordViolation =
  | { readonly rule: 'empty' }
  | { readonly rule: 'length'; readonly lengthMin: number; readonly lengthMax: number }
  | { readonly rule: 'classes'; readonly classesMin: number }
  | { readonly rule: 'control_characters' }
  | { readonly rule: 'repeats'; readonly repeatsMax: number }
  | { readonly rule: 'is_user_name' | 'is_user_name_reversed' }
  | { readonly rule: 'user_info'; readonly part: UserInfoPart }
  | { readonly rule: 'weak' | 'breached' }

/**
 * Every rule that can be judged by the password and its owner alone and that the password breaks, the gravest first.
 * What people choose is judged further (`judge-password.ts`); a generated password is strong by how it is made.
 * Lengths count characters (code points), not bytes. Nothing is trimmed or truncated (ASVS 5.0, 6.2.8).
 */
export function checkPassword(
  policy: PasswordPolicy,
  password: Secret,
  about: PasswordOwner,
): readonly PasswordViolation[] {
  const text = password.reveal()
  if (text === '') {
    return [{ rule: 'empty' }]
  }
  return [...checkText(policy, text), ...(policy.userInfo === 'refuse' ? checkUserInfo(text, about) : [])]
}

function checkText(policy: PasswordPolicy, text: string): readonly PasswordViolation[] {
  const violations: PasswordViolation[] = []
  const { lengthMin, lengthMax, classesMin, repeatsMax } = policy
  const length = [...text].length
  if (length < lengthMin || length > lengthMax) {
    violations.push({ rule: 'length', lengthMin, lengthMax })
  }
  if (classesIn(text).size < classesMin) {
    violations.push({ rule: 'classes', classesMin })
  }
  if (/\p{Cc}|\p{Cs}/u.test(text)) {
    violations.push({ rule: 'control_characters' })
  }
  if (repeatsMax > 0 && longestRun(text) > repeatsMax) {
    violations.push({ rule: 'repeats', repeatsMax })
  }
  return violations
}

function checkUserInfo(text: string, about: PasswordOwner): readonly PasswordViolation[] {
  if (isUserName(text, about)) {
    return [{ rule: 'is_user_name' }]
  }
  if (isUserNameReversed(text, about)) {
    return [{ rule: 'is_user_name_reversed' }]
  }
  return userInfoIn(text, about).map((part) => ({ rule: 'user_info', part }))
}

/** Characters of the longest run of one character, as typed: `A` and `a` are two. */
function longestRun(text: string): number {
  let [longest, run, last] = [0, 0, '']
  for (const character of text) {
    run = character === last ? run + 1 : 1
    last = character
    longest = Math.max(longest, run)
  }
  return longest
}
