import type { MessageTemplate } from '../template.ts'
import { ifKnown } from './if-known.ts'
import { facts, notMeLink, paragraph, secretBlock, signInButton, warning } from './message-blocks.ts'
import { messageHtml } from './message-html.ts'

/** Words of one mail; those of the language stand in `LanguageTexts`. */
export interface MailTexts {
  /** Also what the mail begins with. */
  readonly title: string
  readonly subject: string
  /** Longer than what lists of messages show of a text, where a password follows. */
  readonly what: string
  readonly secret?: 'password' | 'code'
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** Whether the reader is shown where to sign in. */
  readonly showsSignIn: boolean
  /** Whether the reader can say that this was not them by a link. */
  readonly hasNotMe: boolean
  readonly warning: { readonly title: string; readonly text: string }
  readonly footer: readonly string[]
}

export interface LanguageTexts {
  /** Of the document, e.g. `zh-CN`. */
  readonly language: string
  readonly greeting: string
  readonly signIn: string
  readonly signInAt: string
  /** Between name and value. */
  readonly colon: string
  /** The warning with the link in it, which is shown as words or, in plain text, as it is. */
  readonly notMe: {
    readonly label: string
    readonly html: (link: string) => string
    readonly text: string
  }
}

/** The mail in text and HTML: both say the same, and nothing of it is needed to read the other. */
export function mailTemplate(words: LanguageTexts, texts: MailTexts): MessageTemplate {
  return {
    channel: 'EMAIL',
    subject: texts.subject,
    text: plainText(words, texts),
    html: messageHtml({
      language: words.language,
      title: texts.title,
      preview: `${words.greeting} ${texts.what}`,
      blocks: [
        paragraph(words.greeting),
        paragraph(texts.what),
        ...(texts.secret === undefined ? [] : [secretBlock(texts.secret)]),
        ...(texts.showsSignIn ? [signInButton(words.signIn)] : []),
        facts(texts.facts),
        warning(texts.warning.title, warningHtml(words, texts)),
      ],
      footer: texts.footer,
    }),
  }
}

function warningHtml({ notMe }: LanguageTexts, { hasNotMe, warning: { text } }: MailTexts): string {
  return hasNotMe ? ifKnown('not_me_url', notMe.html(notMeLink(notMe.label)), text) : text
}

function plainText(words: LanguageTexts, texts: MailTexts): string {
  const { greeting, colon, signInAt, notMe } = words
  const { what, secret, warning } = texts
  const named = (name: string, value: string) => `${name}${colon}${value}`
  const parts = [
    greeting,
    what,
    ...(secret === undefined ? [] : [`{{ ${secret} }}`]),
    texts.facts.map(([name, value]) => named(name, value)).join('\n') +
      (texts.showsSignIn ? ifKnown('sign_in_url', `\n${named(signInAt, '{{ sign_in_url }}')}`) : ''),
    `${warning.title}\n${
      texts.hasNotMe ? ifKnown('not_me_url', `${notMe.text}\n{{ not_me_url }}`, warning.text) : warning.text
    }`,
    texts.footer.join('\n'),
  ]
  return `${parts.join('\n\n')}\n`
}
