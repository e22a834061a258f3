import type { MessageTemplate } from '../template.ts'
import { resetPasswordHtml } from './reset-password-html.ts'

export const resetPasswordEmailEn: MessageTemplate = {
  channel: 'EMAIL',
  subject: 'Your new {{ tenant_name }} password',
  text: `Hello {{ name }},

your password for {{ tenant_name }} (user name {{ user_name }}) was reset.

Your new password:

{{ password }}

It works until {{ expires_at }}.
When you sign in with it, you will be asked to choose a password of your own.

If you did not expect this message, tell your IT help desk.

Sent on {{ issued_at }}
Reference {{ reference }}
`,
  html: resetPasswordHtml({
    language: 'en',
    title: 'Your new password',
    greeting: 'Hello {{ name }},',
    whatHappened:
      'your password for {{ tenant_name }} (user name {{ user_name }}) was reset. Your new password:',
    validity: 'It works until <strong>{{ expires_at }}</strong>.',
    whatNext: 'When you sign in with it, you will be asked to choose a password of your own.',
    unexpected: 'If you did not expect this message, tell your IT help desk.',
    footer: 'Sent on {{ issued_at }}<br>Reference {{ reference }}',
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
