import type { MessageTemplate } from '../template.ts'
import { advice, facts, messageHtml, paragraph, secretBlock } from './message-html.ts'
import { supportEn } from './support.ts'

export const resetPasswordEmailEn: MessageTemplate = {
  channel: 'EMAIL',
  subject: 'Your new {{ tenant_name }} password',
  text: `Hello {{ name }},

your password for {{ tenant_name }} (user name {{ user_name }}) was reset.

Your new password:

{{ password }}

It works until {{ expires_at }}.
When you sign in with it, you will be asked to choose a password of your own.

If you did not expect this message, tell ${supportEn}.

Sent on {{ issued_at }}
Reference {{ reference }}
`,
  html: messageHtml({
    language: 'en',
    title: 'Your new password',
    blocks: [
      paragraph('Hello {{ name }}, your password was reset. Sign in with this one:'),
      secretBlock('password'),
      paragraph('You will then be asked to choose a password of your own.'),
      facts([
        ['User name', '{{ user_name }}'],
        ['Works until', '{{ expires_at }}'],
      ]),
      advice(`Did not expect this message? Tell ${supportEn}.`),
    ],
    footer: ['Sent on {{ issued_at }}', 'Reference {{ reference }}'],
  }),
}

// letters of the GSM default alphabet only, so that it stays within two SMS
export const resetPasswordSmsEn: MessageTemplate = {
  channel: 'SMS',
  subject: undefined,
  text: `{{ tenant_name }}: your password was reset. New password:
{{ password }}
Works until {{ expires_at }}, must be changed at sign-in. Ref {{ reference }}`,
  html: undefined,
}
