import type { MessageTemplate } from '../template.ts'
import { advice, facts, messageHtml, paragraph, secretBlock } from './message-html.ts'

interface CodeTexts {
  readonly language: string
  readonly title: string
  readonly subject: string
  readonly greeting: string
  readonly what: string
  readonly worksUntil: readonly [name: string, value: string]
  readonly keepIt: string
  readonly reference: string
  readonly sms: string
}

/** The built-in mail and SMS with a code in one language. */
export function codeTemplates(texts: CodeTexts): {
  readonly EMAIL: MessageTemplate
  readonly SMS: MessageTemplate
} {
  const { greeting, what, worksUntil, keepIt, reference } = texts
  return {
    EMAIL: {
      channel: 'EMAIL',
      subject: texts.subject,
      text: `${greeting}\n\n${what}\n\n{{ code }}\n\n${worksUntil.join(': ')}\n\n${keepIt}\n\n${reference}\n`,
      html: messageHtml({
        language: texts.language,
        title: texts.title,
        blocks: [
          paragraph(greeting),
          paragraph(what),
          secretBlock('code'),
          facts([worksUntil]),
          advice(keepIt),
        ],
        footer: [reference],
      }),
    },
    SMS: { channel: 'SMS', subject: undefined, text: texts.sms, html: undefined },
  }
}
