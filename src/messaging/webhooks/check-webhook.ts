import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Clock } from '../../core/clock.ts'
import type { Secret } from '../../core/secret.ts'
import type { FailureReason, PostEvent, PostOutcome } from '../../core/webhooks/event-poster.ts'
import type { Webhook } from '../../core/webhooks/webhook.ts'
import { within } from '../../core/within.ts'
import { failed, ok, type Probe, type ProbeEnd, type ProbeStep, startProbe } from '../gateway-probe.ts'
import { reachAddress } from '../probe-address.ts'
import { isPublicAddress } from './is-public-address.ts'
import { complainOfWebhookUrl, hostOf, type PrivateHosts } from './judge-url.ts'

export interface CheckWebhookDeps {
  readonly clock: Clock
  readonly post: PostEvent
  readonly privateHosts: PrivateHosts
  /** @throws Error when a secret does not open */
  readonly readSecrets: (webhook: Webhook) => readonly Secret[]
}

/**
 * Tries a webhook step by step and stops at the first that fails: settings, DNS, connection, and a signed test event. The
 * event is handed over once, whatever the webhook asks to be told of, and is not queued.
 */
export async function checkWebhook(
  deps: CheckWebhookDeps,
  webhook: Webhook,
  event: { readonly id: string; readonly payload: string },
): Promise<readonly ProbeStep[]> {
  const probe = startProbe(deps.clock)
  const { timeoutMs } = webhook
  const opened = openSettings(deps, webhook)
  if ('outcome' in opened) {
    probe.record('settings', opened)
    return probe.steps
  }
  const { url, secrets } = opened
  const host = hostOf(url)
  if (!deps.privateHosts.includes(host) && !(await isPublicHost(deps, probe, host, timeoutMs))) {
    return probe.steps
  }
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  const socket = await reachAddress(probe, deps.clock, { host, port, timeoutMs })
  if (socket !== undefined) {
    socket.destroy()
    probe.record(
      'message',
      judge(await deps.post({ ...event, url: webhook.url, secrets, timeoutMs }), timeoutMs),
    )
  }
  return probe.steps
}

function openSettings(
  { privateHosts, readSecrets }: CheckWebhookDeps,
  webhook: Webhook,
): ProbeEnd | { readonly url: URL; readonly secrets: readonly Secret[] } {
  const complaint = complainOfWebhookUrl(webhook.url, privateHosts)
  if (complaint !== undefined) {
    return failed(`url ${complaint}`, 'Correct the webhook in the tenant file, and run "rekey apply".')
  }
  try {
    return { url: new URL(webhook.url), secrets: readSecrets(webhook) }
  } catch {
    return failed(
      'the secret of this webhook cannot be opened with this master key',
      'Start with the key that sealed it, or write the secret into the tenant file and run "rekey apply".',
    )
  }
}

/** Before anything is connected to. What cannot be looked up, the next step tells. */
async function isPublicHost(
  { clock }: CheckWebhookDeps,
  probe: Probe,
  host: string,
  timeoutMs: number,
): Promise<boolean> {
  const found =
    isIP(host) === 0
      ? await within(
          clock,
          timeoutMs,
          lookup(host, { all: true }).catch(() => []),
        )
      : [{ address: host }]
  const addresses = (found ?? []).map(({ address }) => address)
  if (addresses.length === 0 || addresses.some(isPublicAddress)) {
    return true
  }
  return probe.record(
    'dns',
    failed(
      `${host} leads to no public address: ${addresses.join(', ')}`,
      `Correct url; or name ${host} in REKEY_WEBHOOK_PRIVATE_HOSTS if it is meant, and restart the servers.`,
    ),
  )
}

function judge(outcome: PostOutcome, timeoutMs: number): ProbeEnd {
  if (outcome.kind === 'delivered') {
    return ok(`the signed test event was taken: status ${outcome.status}`)
  }
  const status = outcome.status === undefined ? '' : `, status ${outcome.status}`
  const note = outcome.note === undefined ? '' : `: ${outcome.note}`
  const remedy =
    outcome.status === 401 || outcome.status === 403
      ? 'The receiver does not accept the signature: give it the secret of the tenant file, and check its clock.'
      : (remedies[outcome.reason] ??
        `The receiver answers too slowly: raise timeout_ms (${timeoutMs}), or have it answer first and work later.`)
  return failed(`${outcome.reason}${status}${note}`, remedy)
}

const remedies: Partial<Readonly<Record<FailureReason, string>>> = {
  status: 'Read what the receiver logs; it must answer 2xx for every event that it does not want again.',
  redirect: 'Redirects are not followed: write the address that it leads to into url.',
  gone: 'The receiver wants no events any more: correct url, or remove the webhook.',
  private_address: 'Name the host in REKEY_WEBHOOK_PRIVATE_HOSTS if it is meant.',
  http_not_allowed: 'Write https:// into url.',
  tls: 'Check the certificate of the receiver; for an authority of your own start Rekey with NODE_EXTRA_CA_CERTS.',
  unknown_host: 'Correct the host in url, or check the name servers of this machine.',
  unreachable: 'Check host and port in url, and the network between.',
  connection_lost: 'The receiver closed the line without an answer: read what it logs.',
  protocol: 'What answers is no HTTP server: check the port in url.',
}
