import type { AttemptOutcome, GatewayReason } from '../../gateway.ts'
import { isTlsFailure } from '../../is-tls-failure.ts'

/** What nodemailer's SMTPConnection tells about a failure. */
export interface SmtpFailure {
  /** Its own code: ECONNECTION, ETIMEDOUT, ESOCKET, EDNS, ETLS, EPROTOCOL, EENVELOPE, EMESSAGE, EAUTH. */
  readonly code: string
  /** The system's or TLS's code below it. */
  readonly originalCode: string
  readonly command: string
  readonly message: string
  /** The server's complete reply, if it gave one. */
  readonly reply: string | undefined
  readonly replyCode: number | undefined
}

export function describeFailure(error: unknown): SmtpFailure {
  const read = (key: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined
  const text = (key: string): string => {
    const value = read(key)
    return typeof value === 'string' ? value : ''
  }
  const replyCode = read('responseCode')
  return {
    code: text('code'),
    originalCode: text('originalCode'),
    command: text('command'),
    message: text('message'),
    reply: text('response') === '' ? undefined : text('response'),
    replyCode: typeof replyCode === 'number' ? replyCode : undefined,
  }
}

export interface SmtpProgress {
  /** The server has said anything at all on this connection. */
  readonly isGreeted: boolean
  /** A TLS handshake is under way. */
  readonly isUpgrading: boolean
}

/**
 * Before the 354 to DATA nothing has left: every failure is a refusal (reset protocol, rule 3). It is the recipient's
 * when RCPT got a permanent no that is about the mailbox, and this gateway's otherwise.
 */
export function judgeBeforeHandOver(failure: SmtpFailure, progress: SmtpProgress): AttemptOutcome {
  const reply = failure.reply ?? failure.message
  const isAboutRecipient =
    failure.command === 'RCPT TO' &&
    isPermanent(failure) &&
    mailboxSubjects.has(subjectOf(failure, mailboxCodes))
  if (isAboutRecipient || (failure.code === 'EENVELOPE' && failure.command === 'API')) {
    return { kind: 'refused-recipient', reason: 'recipient_refused', reply }
  }
  return { kind: 'refused-here', reason: reasonOf(failure, progress), reply }
}

/**
 * After the body was handed over only a reply to it decides. A permanent no that is about mailbox, content or policy
 * would be repeated by every gateway, so it ends the search; any other no leaves it to the next gateway. Whatever is
 * no reply, or no answer to a body, leaves open whether the message was taken.
 */
export function judgeAfterHandOver(failure: SmtpFailure): AttemptOutcome {
  const reply = failure.reply ?? failure.message
  const code = failure.replyCode ?? 0
  if (failure.code !== 'EMESSAGE' || code < 400 || code > 599) {
    return { kind: 'unknown', reason: reasonOfSilence(failure), reply }
  }
  return isPermanent(failure) && messageSubjects.has(subjectOf(failure, messageCodes))
    ? { kind: 'refused-recipient', reason: 'message_refused', reply }
    : { kind: 'refused-here', reason: 'gateway_refused', reply }
}

// RFC 3463 subjects: 1 address, 2 mailbox, 6 content, 7 security and policy
const mailboxSubjects = new Set(['1', '2'])
const messageSubjects = new Set(['1', '2', '6', '7'])
// RFC 5321, 4.2.3, for servers that send no enhanced code; 554 at RCPT is mostly a relay that will not relay
const mailboxCodes: Readonly<Record<number, string>> = { 550: '1', 551: '1', 552: '2', 553: '1' }
const messageCodes: Readonly<Record<number, string>> = { ...mailboxCodes, 554: '6' }

function subjectOf(failure: SmtpFailure, byCode: Readonly<Record<number, string>>): string {
  const enhanced = /^\d{3}[ -]5\.(\d{1,3})\.\d{1,3}\b/.exec(failure.reply ?? '')?.[1]
  return enhanced ?? byCode[failure.replyCode ?? 0] ?? ''
}

function isPermanent(failure: SmtpFailure): boolean {
  return failure.replyCode !== undefined && failure.replyCode >= 500 && failure.replyCode <= 599
}

function reasonOf(failure: SmtpFailure, progress: SmtpProgress): GatewayReason {
  if (failure.code === 'ETIMEDOUT' || failure.originalCode === 'ETIMEDOUT') {
    return 'gateway_timeout'
  }
  if (failure.code === 'EAUTH') {
    return 'gateway_auth'
  }
  if (failure.code === 'ETLS' || progress.isUpgrading || isTlsFailure(failure.originalCode)) {
    return 'gateway_tls'
  }
  if (failure.replyCode !== undefined && failure.replyCode >= 400) {
    return 'gateway_refused'
  }
  if (failure.code === 'EPROTOCOL' || failure.reply !== undefined) {
    return 'gateway_protocol'
  }
  if (failure.code === 'EMESSAGE') {
    return 'gateway_refused' // larger than the server announced to take
  }
  return progress.isGreeted ? 'gateway_connection_lost' : 'gateway_unreachable'
}

function reasonOfSilence(failure: SmtpFailure): GatewayReason {
  if (failure.code === 'ETIMEDOUT') {
    return 'gateway_timeout'
  }
  return failure.code === 'EMESSAGE' || failure.code === 'EPROTOCOL'
    ? 'gateway_protocol'
    : 'gateway_connection_lost'
}
