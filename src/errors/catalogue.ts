import { organizationErrors } from './organization-errors.ts'

/**
 * Every code that can leave this server: status, both texts, and what the reader can do.
 * `docs/errors.md` is generated from this table. Codes below 9000 and their texts are the contract's
 * (EIAM v2, sections 3 and 8); codes from 9000 are ours. `{0}`, `{1}` stand for parameters.
 */
export interface CatalogueEntry {
  readonly status: number
  readonly en: string
  readonly zh: string
  readonly remedy: string
}

export const catalogue = {
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
  ...organizationErrors,
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
  'MSG.0001': {
    status: 400,
    en: 'Message sending failed',
    zh: '消息发送失败',
    remedy:
      'The header X-Error-Detail names the cause; check the message gateway. The old password works as before this call, unless the detail is revoked_undelivered or revoked_unknown: then it is void, as the call or the tenant asked, and the user needs another reset.',
  },
  'MSG.0004': {
    status: 400,
    en: 'The message sending mode does not meet the verification rules',
    zh: '消息发送方式不符合校验规则',
    remedy:
      'Nothing was sent or changed. Send send_mode=SMS or send_mode=EMAIL exactly, and one that the tenant allows and has a gateway for. An old_password must be keep-until-used, keep-until-accepted or revoke-now, and no laxer than `reset.old_password` of the tenant file. X-Error-Detail names what is in the way: contact_quarantined means that the contact changed a short time ago, application_stopped that an operator stopped the resets of this application.',
  },
  'MSG.9001': {
    status: 429,
    en: 'Too many password resets',
    zh: '密码重置次数过多',
    remedy:
      'Nothing was sent or changed. Wait as long as Retry-After says. X-Error-Detail names the limit; `reset.limits` of the tenant file sets it.',
  },
  'MSG.9002': {
    status: 400,
    en: 'Another reset of this user is in progress',
    zh: '该用户的另一次密码重置正在进行',
    remedy: 'Wait as long as Retry-After says and call again.',
  },
  'MSG.9003': {
    status: 409,
    en: 'The Idempotency-Key was used for another call',
    zh: 'Idempotency-Key 已用于其他请求',
    remedy:
      'A key belongs to one user, one send_mode and one mode for the old password for 24 hours. Make a new key for each call, and repeat it only to repeat that call.',
  },
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
  'SDK.COMMON.1007': {
    status: 400,
    en: 'The type of parameter {0} is wrong.',
    zh: '参数{0}类型错误。',
    remedy: 'Send the parameter as text.',
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
  'OAP.PAGE.0002': {
    status: 400,
    en: 'The page size is out of limits',
    zh: '分页大小超出限制',
    remedy: 'Send limit as a whole number from 10 to 100.',
  },
  'OAP.PAGE.0003': {
    status: 400,
    en: 'The page number is invalid',
    zh: '页码无效',
    remedy: 'Send offset as the page index, a whole number from 0.',
  },
  'REQUEST.9001': {
    status: 400,
    en: 'The request is malformed',
    zh: '请求格式错误',
    remedy: 'X-Error-Detail names the part: url, header, body, query or path.',
  },
  'REQUEST.9002': {
    status: 400,
    en: 'Parameter {0} is missing or wrong',
    zh: '参数{0}缺失或错误',
    remedy: 'Send the parameter as the API reference describes it.',
  },
  'REQUEST.9003': {
    status: 404,
    en: 'There is nothing at this path',
    zh: '路径不存在',
    remedy: 'Check the path; paths are case-sensitive and have no trailing slash.',
  },
  'REQUEST.9004': {
    status: 405,
    en: 'This path does not take this method',
    zh: '该路径不支持此方法',
    remedy: 'The header Allow lists the methods that it takes.',
  },
  'REQUEST.9005': {
    status: 415,
    en: 'This media type is not taken',
    zh: '不支持该媒体类型',
    remedy: 'Send JSON as application/json; charset=utf-8, without a content encoding.',
  },
  'REQUEST.9006': {
    status: 413,
    en: 'The request body is too large',
    zh: '请求体过大',
    remedy: 'Send a smaller body.',
  },
  'REQUEST.9007': {
    status: 431,
    en: 'The request headers or the URL are too large',
    zh: '请求头或URL过大',
    remedy: 'Keep URL and headers together under 16 KiB.',
  },
  'REQUEST.9008': {
    status: 408,
    en: 'The request took too long to arrive',
    zh: '请求接收超时',
    remedy: 'Send the whole request at once.',
  },
  'REQUEST.9009': {
    status: 404,
    en: 'No tenant answers at this host name',
    zh: '该域名没有对应的租户',
    remedy: 'Call the host name that the tenant file lists under domains.',
  },
  'REQUEST.9010': {
    status: 417,
    en: 'This expectation cannot be met',
    zh: '无法满足Expect请求头',
    remedy: 'Send no Expect header, or Expect: 100-continue.',
  },
  'REQUEST.9011': {
    status: 503,
    en: 'The server is busy',
    zh: '服务繁忙',
    remedy: 'Nothing was changed. Wait as long as Retry-After says and call again.',
  },
  'REQUEST.9012': {
    status: 503,
    en: 'The database cannot be reached',
    zh: '数据库不可用',
    remedy: 'Wait as long as Retry-After says; the operator finds the cause in the log under X-Request-Id.',
  },
  'REQUEST.9013': {
    status: 500,
    en: 'Something is wrong in the server',
    zh: '服务器内部错误',
    remedy: 'Report it with the value of X-Request-Id; the log has the cause under it.',
  },
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof catalogue

/** OAuth family (contract, sections 1, 3.3 and 7): bodies are `{"error","error_description"}`. */
export const oauthCatalogue = {
  invalid_request: {
    status: 400,
    en: 'The request is malformed: {0}',
    zh: '请求格式错误:{0}',
    remedy: 'Send grant_type=client_credentials and the client credentials once.',
  },
  invalid_client: {
    status: 401,
    en: 'Bad client credentials',
    zh: '客户端凭证错误',
    remedy: 'Check client_id and client_secret, and that the application is enabled.',
  },
  unsupported_grant_type: {
    status: 400,
    en: 'Unauthorized grant type: {0}',
    zh: '不支持的授权类型:{0}',
    remedy: 'Use grant_type=client_credentials.',
  },
  invalid_token: {
    status: 401,
    en: '{0}',
    zh: '{0}',
    remedy: 'Fetch a new access token, and send it as Authorization: Bearer.',
  },
  insufficient_scope: {
    status: 403,
    en: 'One of these permissions is needed: {0}',
    zh: '需要以下权限之一:{0}',
    remedy: 'Grant the application one of the named permission codes.',
  },
} as const satisfies Record<string, CatalogueEntry>

export type OAuthErrorCode = keyof typeof oauthCatalogue
