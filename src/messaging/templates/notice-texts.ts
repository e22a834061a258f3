import type { MessageTemplate } from '../template.ts'
import { advice, facts, messageHtml, paragraph } from './message-html.ts'

interface NoticeTexts {
  readonly language: string
  /** Also the subject, with the tenant's name. */
  readonly title: string
  readonly subject: string
  readonly greeting: string
  readonly what: string
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly ifNotYou: string
  readonly reference: string
  readonly sms: string
}

/** The built-in mail and SMS of one notice in one language. */
export function noticeTemplates(texts: NoticeTexts): {
  readonly EMAIL: MessageTemplate
  readonly SMS: MessageTemplate
} {
  const lines = texts.facts.map(([name, value]) => `${name}: ${value}`)
  return {
    EMAIL: {
      channel: 'EMAIL',
      subject: texts.subject,
      text: `${texts.greeting}\n\n${texts.what}\n\n${lines.join('\n')}\n\n${texts.ifNotYou}\n\n${texts.reference}\n`,
      html: messageHtml({
        language: texts.language,
        title: texts.title,
        blocks: [
          paragraph(texts.greeting),
          paragraph(texts.what),
          facts(texts.facts),
          advice(texts.ifNotYou),
        ],
        footer: [texts.reference],
      }),
    },
    SMS: { channel: 'SMS', subject: undefined, text: texts.sms, html: undefined },
  }
}
