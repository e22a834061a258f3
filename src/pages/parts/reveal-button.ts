import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

/** Shows what was typed. It needs a script, so it is hidden until one runs. */
export function revealButton({ texts }: Visit, inputId: string): Html {
  const { show, hide } = texts.newPassword
  return html`<button type="button" class="link" data-reveal="${inputId}" data-show="${show}" data-hide="${hide}" aria-pressed="false" aria-controls="${inputId}" hidden>${show}</button>`
}
