import { ApiError, type BilingualText } from '../../errors/api-error.ts'
import type { PasswordViolation } from './check-password.ts'
import type { UserInfoPart } from './user-info.ts'

/** What the answer says of a broken rule: the codes of the contract (section 3.1), and a stable word as detail. */
export function violationError(violation: PasswordViolation): ApiError {
  switch (violation.rule) {
    case 'empty':
      return new ApiError('PWD.0001')
    case 'length':
      return new ApiError('PWD.0002', { params: [violation.lengthMin, violation.lengthMax] })
    case 'is_user_name':
      return new ApiError('PWD.0003')
    case 'is_user_name_reversed':
      return new ApiError('PWD.0004')
    case 'weak':
    case 'breached':
      return new ApiError('PWD.0006', { detail: violation.rule })
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

const partNames: Readonly<Record<UserInfoPart, BilingualText>> = {
  user_name: { en: 'user name', zh: '用户名' },
  mobile: { en: 'mobile number', zh: '手机号' },
  email: { en: 'e-mail address before the @', zh: '邮箱前缀' },
  name: { en: 'name', zh: '姓名' },
}

/** What the password must be, for people: `at most 3 of one character in a row`. */
export function describeViolation(violation: PasswordViolation): BilingualText {
  switch (violation.rule) {
    case 'empty':
      return { en: 'not empty', zh: '不能为空' }
    case 'length': {
      const { lengthMin, lengthMax } = violation
      return {
        en: `${lengthMin} to ${lengthMax} characters`,
        zh: `长度必须为${lengthMin}~${lengthMax}个字符`,
      }
    }
    case 'classes': {
      const { classesMin } = violation
      return {
        en: `at least ${classesMin} of digit, upper case, lower case, special`,
        zh: `数字、大写字母、小写字母、特殊字符中至少包含${classesMin}种`,
      }
    }
    case 'control_characters':
      return { en: 'no control characters', zh: '不能包含控制字符' }
    case 'repeats': {
      const { repeatsMax } = violation
      return {
        en: `at most ${repeatsMax} of one character in a row`,
        zh: `同一字符最多连续出现${repeatsMax}次`,
      }
    }
    case 'is_user_name':
      return { en: 'not the user name', zh: '不能与用户名相同' }
    case 'is_user_name_reversed':
      return { en: 'not the user name reversed', zh: '不能为用户名的倒序' }
    case 'user_info': {
      const part = partNames[violation.part]
      return { en: `without the ${part.en} in it`, zh: `不能包含${part.zh}` }
    }
    case 'weak':
      return { en: 'harder to guess', zh: '不能过于简单' }
    case 'breached':
      return { en: 'one that is in no known data breach', zh: '不能是已泄露的密码' }
  }
}
