/** Codes of resets and of what is sent for them. */
export const messageErrors = {
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
} as const
