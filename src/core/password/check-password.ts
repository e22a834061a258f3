import { ApiError } from '../../errors/api-error.ts'
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

/**
 * Every rule of the policy that the password breaks, the gravest first; none: it is allowed. The one engine for every
 * password that is stored: chosen by an employee, written in a tenant file, or generated.
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

/**
 * Ends the request when the policy refuses the password, with the code of the first rule broken (contract, section 3.1).
 * @throws ApiError PWD.0001 empty, PWD.0002 length, PWD.0003 the user name, PWD.0004 the user name reversed,
 *   PWD.0005 any other rule
 */
export function requirePasswordAllowed(policy: PasswordPolicy, password: Secret, about: PasswordOwner): void {
  const [violation] = checkPassword(policy, password, about)
  if (violation !== undefined) {
    throw violationError(violation)
  }
}

function violationError(violation: PasswordViolation): ApiError {
  switch (violation.rule) {
    case 'empty':
      return new ApiError('PWD.0001')
    case 'length':
      return new ApiError('PWD.0002', { params: [violation.lengthMin, violation.lengthMax] })
    case 'is_user_name':
      return new ApiError('PWD.0003')
    case 'is_user_name_reversed':
      return new ApiError('PWD.0004')
    case 'classes':
    case 'control_characters':
    case 'repeats':
    case 'user_info':
      return new ApiError('PWD.0005', { detail: wordOf(violation), params: [describeViolation(violation)] })
  }
}

/** A stable word for machines: the rule, and where facts about the owner are the matter, which. */
export function wordOf(violation: PasswordViolation): string {
  return violation.rule === 'user_info' ? `contains_${violation.part}` : violation.rule
}

const partNames: Readonly<Record<UserInfoPart, string>> = {
  user_name: 'user name',
  mobile: 'mobile number',
  email: 'e-mail address before the @',
  name: 'name',
}

/** What the password must be, for people: `at most 3 of one character in a row`. */
export function describeViolation(violation: PasswordViolation): string {
  switch (violation.rule) {
    case 'empty':
      return 'not empty'
    case 'length':
      return `${violation.lengthMin} to ${violation.lengthMax} characters`
    case 'classes':
      return `at least ${violation.classesMin} of digit, upper case, lower case, special`
    case 'control_characters':
      return 'no control characters'
    case 'repeats':
      return `at most ${violation.repeatsMax} of one character in a row`
    case 'is_user_name':
      return 'not the user name'
    case 'is_user_name_reversed':
      return 'not the user name reversed'
    case 'user_info':
      return `without the ${partNames[violation.part]} in it`
  }
}
