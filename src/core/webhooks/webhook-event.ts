/** What webhooks are told of, by the names that receivers see: they never change their meaning. */
export const webhookEvents = {
  'user.created': 'a user was made',
  'user.updated': 'profile, contacts, place or role of a user changed',
  'user.enabled': 'a user may sign in again',
  'user.disabled': 'a user may not sign in any more',
  'user.locked': 'too many wrong passwords or codes: a user is locked for a time',
  'user.unlocked': 'a lock was ended by an operator',
  'user.deleted': 'a user was removed',
  'user.erased': 'everything that names the person was erased: erase what you hold about them',
  'credential.changed': 'a user has another password; `by` says whose doing it was',
  'credential.voided': 'a user has no password any more, until the next reset',
  'credential.disowned': 'somebody said that a changed password was not their doing: the account is frozen',
  'reset.requested': 'a reset began; its password is not sent yet',
  'reset.sending': 'the message is being handed to a gateway',
  'reset.accepted': 'a gateway took the message',
  'reset.failed': 'no gateway took the message; unless `revoked` is true the old password works',
  'reset.unknown': 'the message may have arrived; both passwords work',
  'reset.used': 'somebody signed in with the new password',
  'reset.completed': 'the user chose a password of their own',
  'reset.superseded': 'resets ended because something newer took over, such as a changed contact',
  'reset.expired': 'the time of a reset is over',
  'reset.expired_unused': 'a delivered password ran out unused: the user has none',
  'reset.storm': 'the third unused reset of a user in a day',
  'reset.disowned': 'somebody said that a reset was not theirs: the account is frozen',
} as const satisfies Readonly<Record<string, string>>

export type WebhookEvent = keyof typeof webhookEvents

export const webhookEventNames = Object.keys(webhookEvents) as readonly WebhookEvent[]

/** What the tenant file may ask for: every name, every group, everything. */
export const webhookEventPatterns: readonly string[] = [
  '*',
  ...new Set(webhookEventNames.map((name) => `${name.split('.')[0]}.*`)),
  ...webhookEventNames,
]

/** Sent by `check-webhook`, whatever the webhook asks for. */
export const TEST_EVENT = 'webhook.test'

export function isWanted(event: WebhookEvent, patterns: readonly string[]): boolean {
  return patterns.some(
    (pattern) =>
      pattern === '*' ||
      pattern === event ||
      (pattern.endsWith('.*') && event.startsWith(pattern.slice(0, -1))),
  )
}
