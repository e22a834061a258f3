import { FORM_TOKEN_FIELD } from './form-token.ts'
import { type Html, html } from './html.ts'
import type { Visit } from './visit.ts'

/** What was typed, and what is wrong with it. */
export interface FormState {
  readonly values: Readonly<Record<string, string>>
  /** Undefined: nothing is wrong. */
  readonly problem?: Problem | undefined
}

export interface Problem {
  readonly text: string
  /** Name of the field that it is about; undefined: about the whole. */
  readonly field?: string
}

export const blankForm: FormState = { values: {} }

/** A form that is sent to `action`, with its token. */
export function form(visit: Visit, action: string, content: Html): Html {
  return html`<form method="post" action="${action}" novalidate>
<input type="hidden" name="${FORM_TOKEN_FIELD}" value="${visit.formToken}">
${content}
</form>`
}

export interface FieldOptions {
  readonly name: string
  readonly label: string
  readonly type?: 'text' | 'password'
  /** What browsers and password managers go by. */
  readonly autocomplete: string
  readonly inputmode?: 'numeric' | 'email' | 'text'
  readonly lengthMax?: number
  /** Digits to copy from a message: large and apart. */
  readonly isCode?: boolean
  /** The field that somebody begins with. */
  readonly isFirst?: boolean
  /** Ids of what else describes it. */
  readonly describedBy?: string
  /** Stands on the same line. */
  readonly beside?: Html
  readonly after?: Html
}

/** Longer than anything that is right, short enough for every limit further in. */
const LENGTH_MAX = 512

/** A labelled input; its problem stands above it and is tied to it. Passwords are never sent back. */
export function field(state: FormState, options: FieldOptions): Html {
  const { name, label, beside, after } = options
  const problem = problemOf(state, name)
  const input = inputOf(state, options)
  return html`<div class="field">
<label for="${name}">${label}</label>
${problem !== undefined && html`<p class="problem" id="${name}-problem">${problem}</p>`}
${beside === undefined ? input : html`<div class="reveal">${input}${beside}</div>`}
${after}
</div>`
}

function inputOf(state: FormState, options: FieldOptions): Html {
  const { name, type = 'text', autocomplete, inputmode, isFirst = false, lengthMax = LENGTH_MAX } = options
  const isWrong = problemOf(state, name) !== undefined
  const described = [isWrong ? `${name}-problem` : undefined, options.describedBy]
  const describedBy = described.filter((id) => id !== undefined).join(' ')
  const isFocused = isWrong || (isFirst && state.problem?.field === undefined)
  const value = type === 'password' ? '' : (state.values[name] ?? '')
  return html`<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}"
 maxlength="${lengthMax}" required autocapitalize="none" autocorrect="off" spellcheck="false"${[
   inputmode !== undefined && html` inputmode="${inputmode}"`,
   options.isCode === true && html` class="code"`,
   describedBy !== '' && html` aria-describedby="${describedBy}"`,
   isWrong && html` aria-invalid="true"`,
   isFocused && html` autofocus`,
 ]}>`
}

function problemOf({ problem }: FormState, name: string): string | undefined {
  return problem?.field === name ? problem.text : undefined
}

/** Something that is about the whole page; read out at once. */
export function problemBox(visit: Visit, { problem }: FormState): Html | undefined {
  if (problem === undefined || problem.field !== undefined) return undefined
  return html`<div class="box bad" role="alert"><p><strong>${visit.texts.problems.heading}</strong></p>
<p>${problem.text}</p></div>`
}

/** Something to know that is neither done nor wrong. */
export function noteBox(text: string | undefined): Html | undefined {
  return text === undefined ? undefined : html`<div class="box" role="status"><p>${text}</p></div>`
}

/** What has just been done. */
export function doneBox(text: string | undefined): Html | undefined {
  return text === undefined ? undefined : html`<div class="box good" role="status"><p>${text}</p></div>`
}
