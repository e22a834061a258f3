import { ifKnown } from './if-known.ts'
import { noticeTemplates } from './notice-texts.ts'
import { supportZh, supportZhShort } from './support.ts'
import { wordsZh } from './words-zh.ts'

const common = {
  showsSignIn: true,
  warning: { title: '不是您本人操作？', text: `请立即联系${supportZh}。` },
  footer: ['编号 {{ reference }}'],
} as const

// the page's address is left out where it would cost a second SMS
function sms(what: string) {
  const shorter = `【{{ tenant_name }}】${what}非本人操作请联系${supportZhShort}`
  return { text: `${shorter}${ifKnown('sign_in_url', '。登录：{{ sign_in_url }}')}`, shorter }
}

export const noticesZh = {
  'password-changed': noticeTemplates(wordsZh, {
    ...common,
    title: '您的密码已更改',
    subject: '您的 {{ tenant_name }} 密码已更改',
    what: '您在 {{ tenant_name }} 的账户密码已更改。如果是您本人操作，则无需处理。',
    facts: [
      ['用户名', '{{ user_name }}'],
      ['更改时间', '{{ occurred_at }}'],
    ],
    hasNotMe: true,
    sms: sms('您的密码已于 {{ occurred_at_short }} 更改。'),
  }),
  'contact-changed': noticeTemplates(wordsZh, {
    ...common,
    title: '您的{{ contact }}已更改',
    subject: '您在 {{ tenant_name }} 的{{ contact }}已更改',
    what: '您在 {{ tenant_name }} 的账户{{ contact }}已更改，今后有关您账户的消息将发送到新的{{ contact }}。',
    facts: [
      ['用户名', '{{ user_name }}'],
      ['更改时间', '{{ occurred_at }}'],
    ],
    hasNotMe: false,
    sms: sms('您账户的{{ contact }}已于 {{ occurred_at_short }} 更改。'),
  }),
  'account-locked': noticeTemplates(wordsZh, {
    ...common,
    title: '您的账户已暂时锁定',
    subject: '您的 {{ tenant_name }} 账户已暂时锁定',
    what: '由于多次输入错误密码，在以下时间之前无法登录您在 {{ tenant_name }} 的账户。您的密码没有更改。如果是您本人操作，请等到该时间，或申请新密码，新密码可立即登录。',
    facts: [
      ['用户名', '{{ user_name }}'],
      ['锁定至', '{{ locked_until }}'],
    ],
    hasNotMe: false,
    sms: sms('密码多次输入错误，账户锁定至 {{ locked_until_short }}。'),
  }),
} as const
