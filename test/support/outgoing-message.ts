import { randomBytes } from 'node:crypto'
import { type Clock, systemClock } from '../../src/core/clock.ts'
import { newId } from '../../src/core/new-id.ts'
import { Secret } from '../../src/core/secret.ts'
import type { AttemptOutcome, Gateway, HandOver, OutgoingMessage } from '../../src/messaging/gateway.ts'

export const samplePassword = 'aZ9#kP2m=Qx7%+wT'

/** A rendered message to alice, as the sender would make it. */
export function outgoingMessage(change: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const reference = newId(Date.now(), randomBytes)
  return {
    channel: 'EMAIL',
    to: 'alice@acme.example',
    subject: 'Your new password',
    text: new Secret(`Hello Alice,\n\nyour new password:\n\n${samplePassword}\n`),
    html: new Secret(`<p>Hello Alice</p><p><code>${samplePassword}</code></p>`),
    variables: {
      name: 'Alice',
      user_name: 'alice',
      password: new Secret(samplePassword),
      expires_at: '23 November 2025 at 21:07 UTC',
      issued_at: '22 November 2025 at 21:07 UTC',
      reference,
      tenant_name: 'Acme',
    },
    reference,
    ...change,
  }
}

export interface TestHandOver extends HandOver {
  /** How often it was asked. */
  asked: number
}

/** Permission to hand over, for `ms` from now. */
export function handOverFor(
  ms: number,
  answer: () => boolean | Promise<boolean> = () => true,
  clock: Clock = systemClock,
): TestHandOver {
  const handOver: TestHandOver = {
    deadlineMonotonicMs: clock.monotonicMs() + ms,
    asked: 0,
    async mayHandOver() {
      handOver.asked += 1
      return await answer()
    },
  }
  return handOver
}

/** One message over one slot. */
export async function sendOnce(
  gateway: Gateway,
  message: OutgoingMessage = outgoingMessage(),
  handOver: HandOver = handOverFor(5_000),
): Promise<AttemptOutcome> {
  const slot = await gateway.acquireSlot(1_000)
  if (slot === undefined) {
    throw new Error('no slot came free')
  }
  try {
    return await slot.send(message, handOver)
  } finally {
    slot.release()
  }
}
