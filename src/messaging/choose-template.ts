import type { TemplateRow } from '../store/store.ts'
import type { SendRequest } from './message-sender.ts'
import type { MessageTemplate } from './template.ts'
import { builtInTemplate } from './templates/built-in-templates.ts'

export interface ChosenTemplate {
  readonly template: MessageTemplate
  readonly language: string
}

const LANGUAGE_OF_LAST_RESORT = 'en'

/** The tenant's own template in the first language that has one, else the built-in one in the first language it knows. */
export function chooseTemplate(
  rows: readonly TemplateRow[],
  request: Pick<SendRequest, 'event' | 'channel' | 'languages'>,
): ChosenTemplate | undefined {
  const { event, channel } = request
  for (const language of request.languages) {
    const row = rows.find(
      (one) => one.event === event && one.channel === channel && one.language === language,
    )
    if (row !== undefined) {
      return { template: row, language }
    }
  }
  for (const language of [...request.languages, LANGUAGE_OF_LAST_RESORT]) {
    const template = builtInTemplate(event, channel, language)
    if (template !== undefined) {
      return { template, language }
    }
  }
  return undefined
}
