import { noticeTemplates } from './notice-texts.ts'
import { supportZh } from './support.ts'

const common = {
  language: 'zh-CN',
  greeting: '{{ name }}，您好：',
  reference: '编号 {{ reference }}',
} as const
const notYou = `如果不是您本人操作，请立即联系${supportZh}。`

export const noticesZh = {
  'password-changed': noticeTemplates({
    ...common,
    title: '您的密码已更改',
    subject: '您的 {{ tenant_name }} 密码已更改',
    what: '您账户的密码已更改。如果是您本人操作，则无需处理。',
    facts: [
      ['用户名', '{{ user_name }}'],
      ['更改时间', '{{ occurred_at }}'],
    ],
    ifNotYou: notYou,
    sms: `【{{ tenant_name }}】您的密码已于 {{ occurred_at }} 更改。如非本人操作，请立即联系${supportZh}。`,
  }),
  'contact-changed': noticeTemplates({
    ...common,
    title: '您的{{ contact }}已更改',
    subject: '您在 {{ tenant_name }} 的{{ contact }}已更改',
    what: '您账户的{{ contact }}已更改，今后有关您账户的消息将发送到新的{{ contact }}。',
    facts: [
      ['用户名', '{{ user_name }}'],
      ['更改时间', '{{ occurred_at }}'],
    ],
    ifNotYou: notYou,
    sms: `【{{ tenant_name }}】您账户的{{ contact }}已于 {{ occurred_at }} 更改。如非本人操作，请立即联系${supportZh}。`,
  }),
  'account-locked': noticeTemplates({
    ...common,
    title: '您的账户已暂时锁定',
    subject: '您的 {{ tenant_name }} 账户已暂时锁定',
    what: '由于多次输入错误密码，在以下时间之前无法登录您的账户。您的密码没有更改。如果是您本人操作，请等到该时间，或申请新密码，新密码可立即登录。',
    facts: [
      ['用户名', '{{ user_name }}'],
      ['锁定至', '{{ locked_until }}'],
    ],
    ifNotYou: notYou,
    sms: `【{{ tenant_name }}】密码多次输入错误，您的账户锁定至 {{ locked_until }}。请届时再试或申请新密码。如非本人操作，请联系${supportZh}。`,
  }),
} as const
