import MailComposer from 'nodemailer/lib/mail-composer'
import type { OutgoingMessage } from '../../gateway.ts'
import type { SmtpSettings } from './settings.ts'

/**
 * The message as it goes over the wire, UTF-8, text before HTML. Both parts are quoted-printable, so that no relay
 * folds, trims or re-flows the line of the password. The Message-ID comes from the reference: a copy that two gateways
 * took is recognised as one by mail programs.
 */
export async function buildMail(
  from: SmtpSettings['from'],
  message: OutgoingMessage,
  nowMs: number,
): Promise<Buffer> {
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1)
  const part = (text: string, type: string) => ({
    content: text,
    contentType: `${type}; charset=utf-8`,
    contentTransferEncoding: 'quoted-printable',
  })
  const composer = new MailComposer({
    from: { name: oneLine(from.name), address: from.address },
    to: { name: '', address: oneLine(message.to) },
    subject: oneLine(message.subject),
    date: new Date(nowMs),
    messageId: `<${message.reference.replace(/[^A-Za-z0-9.-]/g, '')}@${domain}>`,
    // RFC 3834: no out-of-office answers to a password
    headers: { 'Auto-Submitted': 'auto-generated' },
    text: part(message.text.reveal(), 'text/plain'),
    ...(message.html === undefined ? {} : { html: part(message.html.reveal(), 'text/html') }),
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'win',
  })
  return await composer.compile().build()
}

/** Header values hold no line ends and no other control characters. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}
