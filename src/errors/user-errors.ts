/** Codes of users; those below 9000 and their texts are the contract's. */
export const userErrors = {
  'USER.0001': {
    status: 400, // not 404: the contract answers an unknown user with status 400
    en: 'User does not exist',
    zh: '用户不存在',
    remedy: 'Check the user id or name; ids are valid in one tenant only.',
  },
  'USER.0011': {
    status: 400,
    en: 'Mobile number cannot be empty',
    zh: '手机号不能为空',
    remedy:
      'Give the user a mobile number; a reset may use send_mode=EMAIL instead, and the tenant’s attribute definitions say who must have one.',
  },
  'USER.0012': {
    status: 400,
    en: 'Email cannot be empty',
    zh: '邮箱不能为空',
    remedy:
      'Give the user an e-mail address; a reset may use send_mode=SMS instead, and the tenant’s attribute definitions say who must have one.',
  },
  'USER.0038': {
    status: 400,
    en: 'Invalid mobile number.',
    zh: '手机号无效',
    remedy: 'Send +86-13800000001, or a mainland mobile number without its country code.',
  },
  'USER.9001': {
    status: 400,
    en: 'User is disabled',
    zh: '用户已禁用',
    remedy: 'Enable the user first; neither a reset nor a change of the password enables anybody.',
  },
  'USER.9002': {
    status: 400,
    en: 'The user name is taken',
    zh: '用户名已存在',
    remedy: 'Choose another user_name; upper and lower case letters count as the same.',
  },
  'USER.9003': {
    status: 400,
    en: 'The mobile number is taken',
    zh: '手机号已存在',
    remedy: 'Find who has the number; it signs one user in.',
  },
  'USER.9004': {
    status: 400,
    en: 'The email is taken',
    zh: '邮箱已存在',
    remedy: 'Find who has the address with user-by-email; it signs one user in.',
  },
  'USER.9005': {
    status: 400,
    en: 'The user attribute {0} is invalid',
    zh: '用户属性{0}无效',
    remedy:
      'Names have up to 128 characters (user_name) or 255, texts up to 255, without control characters or space at their ends; dates are yyyy-MM-dd; attr_gender is male, female or unknow; an extension has at most 16,384 characters as JSON and 8 levels, and a user at most 100 organizations. The tenant’s attribute definitions may say more.',
  },
  'USER.9006': {
    status: 403,
    en: 'Users with an administrative role are protected',
    zh: '具有管理角色的用户受保护',
    remedy:
      'Nothing was changed. An operator may use a command; or an owner allows it to the application, by may_change_administrators in the tenant file.',
  },
  'USER.9007': {
    status: 400,
    en: 'The user attribute {0} cannot be empty',
    zh: '用户属性{0}不能为空',
    remedy: 'Send it; user_name is always needed, others when the tenant’s attribute definitions say so.',
  },
  'USER.9008': {
    status: 400,
    en: 'The user attribute {0} has a value that is taken',
    zh: '用户属性{0}的值已存在',
    remedy: 'The tenant’s attribute definitions let one user have the value; find who has it.',
  },
  'USER.9009': {
    status: 400,
    en: 'Too many wrong passwords: the user is locked for {0} minutes {1} seconds',
    zh: '密码错误次数过多,用户已锁定,{0}分{1}秒后解锁',
    remedy: 'Wait as long as Retry-After says, or set the password without the old one.',
  },
} as const
