/** Codes of signing in and of what a signed-in person does (contract, section 3.2). */
export const sdkErrors = {
  'SDK.COMMON.1001': {
    status: 400,
    en: 'Parameter {0} cannot be left blank.',
    zh: '参数{0}不能为空。',
    remedy: 'Send the named header or body field.',
  },
  'SDK.COMMON.1002': {
    status: 400,
    en: 'The format of parameter {0} is wrong.',
    zh: '参数{0}格式错误。',
    remedy: 'Send the parameter in the documented format.',
  },
  'SDK.COMMON.1003': {
    status: 400,
    en: 'The device information is incomplete.',
    zh: '设备信息不完整。',
    remedy: 'Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.',
  },
  'SDK.COMMON.1005': {
    status: 400,
    en: '{0} has expired.',
    zh: '{0}已过期。',
    remedy: 'Sign in again to get a new one. Unknown, used and expired tokens are answered alike.',
  },
  'SDK.COMMON.1006': {
    status: 400,
    en: 'The value of parameter {0} is wrong.',
    zh: '参数{0}的值错误。',
    remedy:
      'Send one of the documented values. X-Error-Detail type_disabled: the tenant gives no codes of this type; `codes.purposes` of the tenant file says which.',
  },
  'SDK.COMMON.1007': {
    status: 400,
    en: 'The type of parameter {0} is wrong.',
    zh: '参数{0}类型错误。',
    remedy: 'Send the parameter as text.',
  },
  'SDK.COMMON.1009': {
    status: 400,
    en: 'The authentication configuration is unknown.',
    zh: '认证配置未知。',
    remedy:
      'The tenant does not allow this way of signing in; `codes.purposes` and `sign_in.second_factor` of the tenant file say so.',
  },
  'SDK.COMMON.1012': {
    status: 400,
    en: 'X-client-id matches no application.',
    zh: 'X-client-id未匹配到应用。',
    remedy: 'Send the client id of an enabled application of this tenant.',
  },
  'SDK.LOGIN.1003': {
    status: 400,
    en: 'The account is locked after too many failed attempts. It unlocks in {0} minutes {1} seconds.',
    zh: '登录失败次数过多,账号已锁定,将在{0}分{1}秒后解锁。',
    remedy: 'Wait, or have the password reset: a delivered password unlocks the account.',
  },
  'SDK.LOGIN.1005': {
    status: 400,
    // clients parse the trailing digits (contract, section 3.2): nothing may follow them
    en: 'Invalid user name or password. Remaining attempts:{0}',
    zh: '无效的用户名或密码。 剩余登录尝试次数:{0}',
    remedy: 'Check the user name and the password.',
  },
  'SDK.PROFILE.9001': {
    status: 400,
    en: '{0} cannot be changed by yourself.',
    zh: '您不能自行修改{0}。',
    remedy:
      'Leave the field out, or send it as it was read; `profile.editable` of the tenant file says what people may change themselves.',
  },
  'SDK.SMS.1005': {
    status: 400,
    en: 'The verification code is wrong or has expired.',
    zh: '验证码错误或已过期。',
    remedy:
      'Type the newest code, within 10 minutes; after five tries, a use or a change of the password ask for another. Codes sent by mail are answered alike.',
  },
  'SDK.SMS.9001': {
    status: 429,
    en: 'Too many verification codes. Try again in {0} seconds.',
    zh: '验证码发送过于频繁,请在{0}秒后重试。',
    remedy:
      'Wait as long as Retry-After says. X-Error-Detail names the limit; `codes.limits` of the tenant file sets it.',
  },
  'SDK.CAPTCHA.9001': {
    status: 400,
    en: 'The captcha is missing, wrong, used or expired.',
    zh: '图形验证缺失、错误、已使用或已过期。',
    remedy:
      'Get a challenge from /api/v2/sdk/captcha, solve it, and send it once as captcha_token within its time; each code needs another.',
  },
  'SDK.LOGIN.9001': {
    status: 400,
    en: 'The password that was sent to you has expired. Ask for a new one.',
    zh: '发送给您的密码已过期,请重新申请。',
    remedy: 'Have the password reset again; a delivered password lives as long as its message says.',
  },
  'SDK.LOGIN.9002': {
    status: 429,
    en: 'Too many sign-ins from this address. Try again in {0} seconds.',
    zh: '该地址登录过于频繁,请在{0}秒后重试。',
    remedy: 'Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.',
  },
} as const
