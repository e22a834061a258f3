import type { MessageTemplate } from '../template.ts'
import { ifKnown } from './if-known.ts'
import { mailTemplate } from './mail-texts.ts'
import { supportZh, supportZhShort } from './support.ts'
import { wordsZh } from './words-zh.ts'

export const resetPasswordEmailZh: MessageTemplate = mailTemplate(wordsZh, {
  title: '您的新密码',
  subject: '您的 {{ tenant_name }} 新密码',
  what: '您在 {{ tenant_name }} 的密码已被重置，请使用以下密码登录。登录后，系统会要求您设置一个只有您自己知道的新密码。',
  secret: 'password',
  facts: [
    ['用户名', '{{ user_name }}'],
    ['有效期至', '{{ expires_at }}'],
  ],
  showsSignIn: true,
  hasNotMe: true,
  warning: { title: '不是您本人操作？', text: `请立即联系${supportZh}。` },
  footer: ['发送时间 {{ issued_at }}', '编号 {{ reference }}'],
})

// One SMS has 70 characters here: with the page's address it is two, so that is left out
export const resetPasswordSmsZh: MessageTemplate = {
  channel: 'SMS',
  subject: undefined,
  text: `【{{ tenant_name }}】新密码：
{{ password }}
{{ expires_at_short }} 前有效。${ifKnown('sign_in_url', '登录：{{ sign_in_url }} ')}非本人操作请联系${supportZhShort}`,
  shorter: `【{{ tenant_name }}】新密码：
{{ password }}
{{ expires_at_short }} 前有效。非本人操作请联系${supportZhShort}`,
  html: undefined,
}
