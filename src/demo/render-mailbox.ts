import { createHash } from 'node:crypto'
import type { MailboxMessage } from '../messaging/gateways/mailbox.ts'
import { escapeHtml } from '../pages/html.ts'
import { MAILBOX_PATH } from './demo-commands.ts'
import { mailboxStyle } from './mailbox-style.ts'
import { mailboxTexts as texts } from './mailbox-texts.ts'

const styleHash = createHash('sha256').update(mailboxStyle).digest('base64')

/** Nothing is loaded, nothing runs; the one style sheet is known by its hash. The demo's own page frames it. */
export const mailboxPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`

/**
 * The mailbox as an HTML page; `messages` newest first, `commands` are shown while there are none. Of a mail only the
 * part for plain readers is shown: the HTML part says the same.
 */
export function renderMailbox(messages: readonly MailboxMessage[], commands: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${texts.title}</title>
<link rel="icon" href="data:,">
<style>${mailboxStyle}</style>
</head>
<body>
<main>
<header><h1>${texts.title}</h1><a class="reload" href="${MAILBOX_PATH}">${texts.reload}</a></header>
<p class="soft">${texts.lead} ${countOf(messages.length)}</p>
${messages.length === 0 ? renderEmpty(commands) : `<ol>\n${messages.map(renderMessage).join('\n')}\n</ol>`}
</main>
</body>
</html>
`
}

function countOf(count: number): string {
  if (count === 0) {
    return ''
  }
  return count === 1 ? texts.one : texts.many(count)
}

function renderEmpty(commands: string): string {
  return `<section class="empty">
<h2>${texts.emptyTitle}</h2>
<p>${texts.emptyWhat}</p>
<pre><code>${escapeHtml(commands)}</code></pre>
<p>${texts.emptyMore}</p>
</section>`
}

function renderMessage(message: MailboxMessage): string {
  const isMail = message.channel === 'EMAIL'
  const time = new Date(message.at).toISOString()
  return `<li><article>
<p class="kind ${isMail ? 'email' : 'sms'}">${texts.channels[message.channel]}</p>
<h2>${escapeHtml(isMail ? message.subject : texts.smsTo(message.to))}</h2>
<dl>
${isMail ? `<dt>${texts.to}</dt><dd>${escapeHtml(message.to)}</dd>` : ''}
<dt>${texts.at}</dt><dd><time datetime="${time}">${time.slice(0, 19).replace('T', ' ')} UTC</time></dd>
</dl>
<div class="text">${escapeHtml(message.text.trimEnd())}</div>
</article></li>`
}
