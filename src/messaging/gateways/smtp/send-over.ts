import { Readable } from 'node:stream'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import { askPermission } from '../../ask-permission.ts'
import type { AttemptOutcome, GatewayReason } from '../../gateway.ts'
import {
  describeFailure,
  judgeAfterHandOver,
  judgeBeforeHandOver,
  type SmtpFailure,
} from './judge-failure.ts'
import { lost, overdue } from './open-connection.ts'

export interface Mail {
  readonly from: string
  readonly to: string
  readonly content: Buffer
}

export interface SentOver {
  readonly outcome: AttemptOutcome
  /** The server had already left when the connection was used: nothing of the message was heard. */
  readonly isStale: boolean
}

/**
 * Gives one message to an open connection. The outcome follows progress, not error codes (reset protocol, rule 3):
 * nodemailer starts to read the body when DATA was answered, and that is where `mayHandOver` is asked. Any end but
 * `accepted` closes the connection at once, so that nothing leaves later.
 */
export async function sendOver(
  connection: SMTPConnection,
  mail: Mail,
  attempt: { readonly msLeft: number; mayHandOver(): Promise<boolean> },
): Promise<SentOver> {
  connection.lastServerResponse = false
  return await new Promise((resolve) => {
    let isHandedOver = false
    let isSettled = false
    const timer = setTimeout(() => fail(overdue), attempt.msLeft)
    const onLost = () => setImmediate(() => fail(lost)) // an error with more to tell comes first
    const body = bodyOnDemand(() => void handOver())

    function settle(outcome: AttemptOutcome): void {
      if (isSettled) {
        return
      }
      isSettled = true
      clearTimeout(timer)
      connection.off('error', fail)
      connection.off('end', onLost)
      if (outcome.kind !== 'accepted') {
        connection.close()
      }
      const answer = connection.lastServerResponse
      const isStale = outcome.kind === 'refused-here' && !isHandedOver && isFarewell(answer, outcome.reason)
      resolve({ outcome, isStale })
    }

    function fail(error: unknown): void {
      const failure = describeFailure(error)
      settle(isHandedOver ? judgeAfterHandOver(failure) : judgeBeforeHandOver(failure, inSession))
    }

    async function handOver(): Promise<void> {
      const answer = connection.lastServerResponse
      if (answer === false || !answer.startsWith('354')) {
        fail({ ...outOfStep, response: answer === false ? '' : answer })
        return
      }
      const refusal = await askPermission(attempt.mayHandOver)
      if (refusal !== undefined) {
        settle(refusal)
      } else if (!isSettled && !body.destroyed) {
        isHandedOver = true
        body.push(mail.content)
        body.push(null)
      }
    }

    connection.on('error', fail)
    connection.on('end', onLost)
    const envelope = {
      from: mail.from,
      to: [mail.to],
      size: mail.content.length,
      // a bounce must not carry the password back (sent only to servers that offer DSN)
      dsn: { ret: 'HDRS' },
    }
    connection.send(envelope, body, (error, info) => {
      if (error !== null) {
        fail(error)
      } else if (isHandedOver) {
        settle({ kind: 'accepted', reply: info?.response ?? '' })
      } else {
        fail(outOfStep) // an answer to a body that was never sent
      }
    })
  })
}

/** Nothing but a closed line, or 421: closing (RFC 5321, 3.8). */
function isFarewell(answer: string | false, reason: GatewayReason): boolean {
  return answer === false ? reason === 'gateway_connection_lost' : answer.startsWith('421')
}

const inSession = { isGreeted: true, isUpgrading: false }
const outOfStep: SmtpFailure = { ...lost, code: 'EPROTOCOL', message: 'an answer out of step' }

/** A stream that asks for its content only when somebody starts to read it. */
function bodyOnDemand(onWanted: () => void): Readable {
  let isWanted = false
  return new Readable({
    read() {
      if (!isWanted) {
        isWanted = true
        onWanted()
      }
    },
  })
}
