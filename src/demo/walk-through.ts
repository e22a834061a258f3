import { randomBytes } from 'node:crypto'
import type { Mailbox, MailboxMessage } from '../messaging/gateways/mailbox.ts'
import type { DemoAddress } from './demo-commands.ts'

/** What one step did, for the reader. */
export interface WalkStep {
  readonly title: string
  readonly lines: readonly string[]
}

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

const deviceHeaders = {
  'X-operating-sys-version': 'demo',
  'X-device-fingerprint': 'demo',
  'X-agent': 'rekey-demo',
}

/**
 * One reset from outside, over HTTP: token, reset, message, sign-in with its password, a password of one's own.
 * @throws Error when a step is not answered as it must be; the message says which
 */
export async function walkThrough(
  address: DemoAddress,
  employeePassword: string,
  mailbox: Pick<Mailbox, 'list'>,
  onStep: (step: WalkStep) => void,
): Promise<void> {
  const { userName, clientId } = address
  const accessToken = await fetchToken(address)
  onStep({
    title: `Application ${clientId} gets an access token`,
    lines: ['POST /api/v2/tenant/token → 200'],
  })

  const message = await reset(address, accessToken, mailbox)
  onStep({
    title: `It resets the password of ${userName}`,
    lines: [`PUT /api/v2/tenant/users/${address.userId}/rest-password?send_mode=EMAIL → 200`],
  })
  onStep({
    title: 'This message arrives',
    lines: [`To: ${message.to}`, `Subject: ${message.subject}`, '', ...message.text.trimEnd().split('\n')],
  })

  await requireRefused(address, employeePassword)
  onStep({
    title: `The password that ${userName} had is void`,
    lines: ['POST /api/v2/sdk/login → 400 SDK.LOGIN.1005'],
  })

  const delivered = findPassword(message.text)
  const stateToken = await signInWith(address, delivered, 'PASSWORD_EXPIRED', 'state_token')
  onStep({
    title: `${userName} signs in with ${delivered}`,
    lines: ['POST /api/v2/sdk/login → 200 PASSWORD_EXPIRED: a password of their own must be chosen'],
  })

  const own = makePassword()
  await choosePassword(address, { stateToken, oldPassword: delivered, newPassword: own })
  onStep({ title: `${userName} chooses ${own}`, lines: ['POST /api/v2/sdk/pwd/update → 200 SUCCESS'] })

  await signInWith(address, own, 'SUCCESS', 'session_token')
  onStep({ title: `${userName} signs in with it`, lines: ['POST /api/v2/sdk/login → 200 SUCCESS'] })
}

/** A password that the demo's policy takes: three classes, 96 random bits; in groups, so that nothing repeats for long. */
export function makePassword(): string {
  return `Own${randomBytes(12).toString('hex').replace(/.{3}/g, '-$&')}`
}

async function fetchToken({ url, clientId, clientSecret }: DemoAddress): Promise<string> {
  const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
  const answer = await call(`${url}/api/v2/tenant/token`, 'POST', {
    headers: { Authorization: `Basic ${credentials}`, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  })
  return textField(requireStatus(answer, 200, 'The token request'), 'access_token')
}

async function reset(
  { url, userId }: DemoAddress,
  accessToken: string,
  mailbox: Pick<Mailbox, 'list'>,
): Promise<MailboxMessage> {
  // the contract's own request: a JSON content type and no body
  const headers = {
    Authorization: `Bearer ${accessToken}`,
    'Content-Type': 'application/json; charset=utf-8',
  }
  const path = `/api/v2/tenant/users/${userId}/rest-password?send_mode=EMAIL`
  requireStatus(await call(`${url}${path}`, 'PUT', { headers }), 200, 'The reset')
  const [message] = mailbox.list()
  if (message === undefined) {
    throw new Error('The reset was answered, but no message arrived.')
  }
  return message
}

async function requireRefused(address: DemoAddress, password: string): Promise<void> {
  const answer = await signIn(address, password)
  if (answer.body.error_code !== 'SDK.LOGIN.1005') {
    throw new Error(`The old password was not refused: ${describe(answer)}`)
  }
}

async function signInWith(
  address: DemoAddress,
  password: string,
  status: string,
  tokenField: string,
): Promise<string> {
  const answer = requireStatus(await signIn(address, password), 200, 'The sign-in')
  if (answer.body.status !== status) {
    throw new Error(`The sign-in was not answered ${status}: ${describe(answer)}`)
  }
  return textField(answer, tokenField)
}

function signIn({ url, clientId, userName }: DemoAddress, password: string): Promise<Answer> {
  return call(`${url}/api/v2/sdk/login`, 'POST', {
    headers: { ...deviceHeaders, 'X-client-id': clientId, 'Content-Type': 'application/json' },
    body: JSON.stringify({ user_name: userName, password }),
  })
}

async function choosePassword(
  { url, clientId }: DemoAddress,
  p: { readonly stateToken: string; readonly oldPassword: string; readonly newPassword: string },
): Promise<void> {
  const answer = await call(`${url}/api/v2/sdk/pwd/update`, 'POST', {
    headers: {
      ...deviceHeaders,
      'X-client-id': clientId,
      'X-state-token': p.stateToken,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ old_password: p.oldPassword, new_password: p.newPassword }),
  })
  requireStatus(answer, 200, 'The change of the password')
}

async function call(
  url: string,
  method: string,
  init: { headers: Record<string, string>; body?: string },
): Promise<Answer> {
  const response = await fetch(url, { method, ...init })
  return { status: response.status, body: JSON.parse((await response.text()) || '{}') }
}

function requireStatus(answer: Answer, status: number, what: string): Answer {
  if (answer.status !== status) {
    throw new Error(`${what} failed: ${describe(answer)}`)
  }
  return answer
}

function textField(answer: Answer, name: string): string {
  const value = answer.body[name]
  if (typeof value !== 'string') {
    throw new Error(`The answer has no ${name}.`)
  }
  return value
}

function describe({ status, body }: Answer): string {
  const { error_code, error_msg, error, error_description } = body
  return [status, error_code ?? error ?? body.status, error_msg ?? error_description]
    .filter(Boolean)
    .join(' ')
}

/** As a recipient finds it: the demo's template has it on a line of its own, indented. */
function findPassword(text: string): string {
  const password = /^ {4}(\S+)$/m.exec(text)?.[1]
  if (password === undefined) {
    throw new Error('The message holds no password.')
  }
  return password
}
