import type { MessageTemplate } from '../template.ts'
import { advice, facts, messageHtml, paragraph, secretBlock } from './message-html.ts'
import { supportZh } from './support.ts'

export const resetPasswordEmailZh: MessageTemplate = {
  channel: 'EMAIL',
  subject: '您的 {{ tenant_name }} 新密码',
  text: `{{ name }}，您好：

您在 {{ tenant_name }} 的密码（用户名 {{ user_name }}）已被重置。

您的新密码：

{{ password }}

有效期至 {{ expires_at }}。
使用该密码登录后，系统会要求您设置自己的密码。

如果这不是您预期的邮件，请联系${supportZh}。

发送时间 {{ issued_at }}
编号 {{ reference }}
`,
  html: messageHtml({
    language: 'zh-CN',
    title: '您的新密码',
    blocks: [
      paragraph('{{ name }}，您好：您的密码已被重置，请使用以下密码登录：'),
      secretBlock('password'),
      paragraph('登录后，系统会要求您设置自己的密码。'),
      facts([
        ['用户名', '{{ user_name }}'],
        ['有效期至', '{{ expires_at }}'],
      ]),
      advice(`如果这不是您预期的邮件，请联系${supportZh}。`),
    ],
    footer: ['发送时间 {{ issued_at }}', '编号 {{ reference }}'],
  }),
}

export const resetPasswordSmsZh: MessageTemplate = {
  channel: 'SMS',
  subject: undefined,
  text: `【{{ tenant_name }}】您的密码已被重置，新密码：
{{ password }}
有效期至 {{ expires_at }}，登录后须修改。编号 {{ reference }}`,
  html: undefined,
}
