import type { LanguageTexts } from './mail-texts.ts'
import { supportZh } from './support.ts'

export const wordsZh: LanguageTexts = {
  language: 'zh-CN',
  greeting: '{{ name }}，您好：',
  signIn: '登录',
  signInAt: '登录地址',
  colon: '：',
  notMe: {
    label: '这不是我本人操作',
    html: (link) => `请点击“${link}”，您的账户将被锁定，直到服务台核实为止；也可以立即联系${supportZh}。`,
    text: `请立即联系${supportZh}。也可以打开以下链接锁定您的账户，直到服务台核实为止：`,
  },
}
