/** What the mailbox page says. */
export const mailboxTexts = {
  title: 'Demo mailbox',
  lead: 'Every message that this demo sends ends here, and nowhere else.',
  reload: 'Reload',
  one: 'There is one message.',
  many: (count: number) => `There are ${count} messages, newest first.`,
  channels: { EMAIL: 'E-mail', SMS: 'SMS' },
  smsTo: (number: string) => `Text message to ${number}`,
  to: 'To',
  at: 'Received',
  emptyTitle: 'No messages yet',
  emptyWhat: 'Ask the server to reset a password, then reload this page. In a terminal:',
  emptyMore: 'Write SMS in place of EMAIL for a text message.',
} as const
