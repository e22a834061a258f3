import { codeTemplates } from './code-texts.ts'
import { supportZh } from './support.ts'
import { wordsZh } from './words-zh.ts'

function chinese(texts: { readonly title: string; readonly what: string; readonly sms: string }) {
  return codeTemplates(wordsZh, {
    title: texts.title,
    subject: `{{ tenant_name }} ${texts.title}`,
    what: texts.what,
    facts: [['有效期至', '{{ expires_at }}']],
    warning: {
      title: '请勿将验证码告诉任何人',
      text: `如果不是您本人操作，请联系${supportZh}。`,
    },
    footer: ['编号 {{ reference }}'],
    sms: `【{{ tenant_name }}】验证码 {{ code }}，${texts.sms}，10分钟内有效，请勿告诉他人。`,
  })
}

export const codesZh = {
  'sign-in-code': chinese({ title: '登录验证码', what: '请使用以下验证码登录：', sms: '用于登录' }),
  'recovery-code': chinese({
    title: '重设密码验证码',
    what: '请使用以下验证码设置新密码：',
    sms: '用于重设密码',
  }),
  'password-change-code': chinese({
    title: '修改密码验证码',
    what: '请使用以下验证码修改密码：',
    sms: '用于修改密码',
  }),
  'second-factor-code': chinese({
    title: '二次验证码',
    what: '您的密码刚刚被用于登录。如果是您本人操作，请使用以下验证码完成登录：',
    sms: '用于完成登录',
  }),
} as const
