/** Codes of passwords: the policy and the change of one. */
export const passwordErrors = {
  'PWD.0001': {
    status: 400,
    en: 'Password cannot be empty',
    zh: '密码不能为空',
    remedy: 'Send the password in the body.',
  },
  'PWD.0002': {
    status: 400,
    en: 'The password must contain {0}~{1} characters',
    zh: '密码长度必须为{0}~{1}个字符',
    remedy: 'Choose a password of the stated length; every character counts once.',
  },
  'PWD.0003': {
    status: 400,
    en: 'The password cannot be the same as the user name',
    zh: '密码不能与用户名相同',
    remedy: 'Choose a password that is not the user name, in any case of letters.',
  },
  'PWD.0004': {
    status: 400,
    en: 'The password cannot be the user name reversed',
    zh: '密码不能为用户名的倒序',
    remedy: 'Choose a password that is not the user name read backwards.',
  },
  'PWD.0005': {
    status: 400,
    en: 'The password does not meet the verification rules, {0}',
    zh: '密码不符合校验规则,{0}',
    remedy: 'The text names the rule that was not met; choose another password.',
  },
  'PWD.0006': {
    status: 400,
    en: 'The password is too weak: it is easily guessed or known from a data breach',
    zh: '密码强度过弱:容易被猜到或已在数据泄露中出现',
    remedy:
      'Choose a longer password that is no common one and no name or word with a few digits. X-Error-Detail says `weak`, or `breached` when it stands in a known data breach.',
  },
  'PWD.9001': {
    status: 400,
    en: 'The old password is wrong. Remaining attempts:{0}',
    zh: '原密码错误。 剩余尝试次数:{0}',
    remedy: 'Type the current password, or for a reset the one from the message.',
  },
  'PWD.9002': {
    status: 400,
    en: 'The new password must differ from the old one',
    zh: '新密码不能与原密码相同',
    remedy: 'Choose a password that is not the one in use.',
  },
  'PWD.9003': {
    status: 400,
    en: 'The password was used before',
    zh: '该密码曾经使用过',
    remedy: 'Choose a password that is none of your latest ones; the policy says how many it remembers.',
  },
  'PWD.9004': {
    status: 400,
    en: 'The password was changed a short while ago. It can be changed again in {0} hours {1} minutes.',
    zh: '密码刚刚修改过,{0}小时{1}分钟后才能再次修改。',
    remedy:
      'Wait as long as Retry-After says, or have the password reset; `password_policy.minimum_age_hours` of the tenant file sets the time.',
  },
} as const
