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
    remedy: 'Give the user a mobile number, or reset with send_mode=EMAIL.',
  },
  'USER.0012': {
    status: 400,
    en: 'Email cannot be empty',
    zh: '邮箱不能为空',
    remedy: 'Give the user an e-mail address, or reset with send_mode=SMS.',
  },
  'USER.9001': {
    status: 400,
    en: 'User is disabled',
    zh: '用户已禁用',
    remedy: 'Enable the user first; a reset never enables anybody.',
  },
  'USER.9006': {
    status: 403,
    en: 'Users with an administrative role are protected',
    zh: '具有管理角色的用户受保护',
    remedy:
      'Nothing was changed. An operator may use a command; or an owner allows it to the application, by may_change_administrators in the tenant file.',
  },
} as const
