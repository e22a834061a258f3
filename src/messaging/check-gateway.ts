import type { Clock } from '../core/clock.ts'
import { Secret } from '../core/secret.ts'
import type { GatewayRow } from '../store/store.ts'
import type { AttemptOutcome, GatewayReason, OutgoingMessage } from './gateway.ts'
import {
  createGateway,
  openSettings,
  probeGateway,
  sealContext,
  validateGatewaySettings,
} from './gateway-kinds.ts'
import { failed, ok, type Probe, type ProbeEnd, type ProbeStep, startProbe } from './gateway-probe.ts'
import type { GatewaySettings, GatewaySpec } from './gateway-settings.ts'

export interface CheckGatewayDeps {
  readonly isSealed: (text: string) => boolean
  /** @throws Error when the text does not open under the context */
  readonly openSecret: (sealed: string, context: string) => Secret
  readonly clock: Clock
}

/**
 * Tries a gateway step by step and stops at the first that fails. With `to` (address as the channel wants it) a test
 * message leaves at the end; without, none does.
 */
export async function checkGateway(
  deps: CheckGatewayDeps,
  row: GatewayRow,
  to: string | undefined,
): Promise<readonly ProbeStep[]> {
  const probe = startProbe(deps.clock)
  const settings = readSettings(deps, row)
  if (!('opened' in settings)) {
    probe.record('settings', settings)
    return probe.steps
  }
  const spec: GatewaySpec = { name: row.name, channel: row.channel, settings: settings.opened }
  await probeGateway(row.kind, probe, deps.clock, spec, to)
  if (to !== undefined && probe.steps.every((step) => step.outcome !== 'failed')) {
    await sendTest(deps, probe, row.kind, spec, to)
  }
  return probe.steps
}

function readSettings(
  { isSealed, openSecret }: CheckGatewayDeps,
  row: GatewayRow,
): ProbeEnd | { readonly opened: GatewaySettings } {
  try {
    const opened = openSettings(JSON.parse(row.settings), {
      isSealed,
      open: (sealed) => openSecret(sealed, sealContext(row.tenantId, row.name)),
    })
    const [problem] = validateGatewaySettings(row.kind, opened, { allowMailbox: true })
    return problem === undefined
      ? { opened }
      : failed(problem, 'Correct the gateway in the tenant file, and run "rekey apply".')
  } catch {
    return failed(
      'the secrets of this gateway cannot be opened with this master key',
      'Set the REKEY_MASTER_KEY that they were stored with, or store them again with "rekey apply".',
    )
  }
}

async function sendTest(
  deps: CheckGatewayDeps,
  probe: Probe,
  kind: string,
  spec: GatewaySpec,
  to: string,
): Promise<void> {
  const gateway = createGateway(kind, spec, deps)
  try {
    const slot = await gateway.acquireSlot(0)
    const outcome = await slot?.send(testMessage(spec, to), {
      deadlineMonotonicMs: Number.POSITIVE_INFINITY, // the gateway's own timeout_ms ends it
      mayHandOver: async () => true,
    })
    slot?.release()
    probe.record('message', judge(outcome, to))
  } finally {
    await gateway.close()
  }
}

/** The words of a message about a password, without one: what a vendor's template expects is all there. */
function testMessage({ name, channel }: GatewaySpec, to: string): OutgoingMessage {
  const variables = {
    name: 'Test',
    user_name: 'test',
    password: 'TEST',
    expires_at: 'now',
    issued_at: 'now',
    reference: 'check-gateway',
    tenant_name: 'Rekey',
  }
  return {
    channel,
    to,
    subject: `Rekey: test of gateway ${name}`,
    text: new Secret(`This is a test of gateway ${name}. No password was changed.`),
    html: undefined,
    variables,
    reference: `check-gateway.${Date.now()}`,
  }
}

function judge(outcome: AttemptOutcome | undefined, to: string): ProbeEnd {
  if (outcome?.kind === 'accepted') {
    return ok(`accepted for ${to}: ${outcome.reply.slice(0, 120)}`)
  }
  const reason = outcome?.reason ?? 'gateway_busy'
  const note = `${outcome?.kind ?? 'refused-here'}, ${reason}: ${outcome?.reply.slice(0, 120) ?? ''}`
  return failed(note, remedies[reason] ?? 'Read the answer above; the operator of the gateway can say more.')
}

const remedies: Partial<Readonly<Record<GatewayReason, string>>> = {
  recipient_refused: 'Check the address after --to; if it is right, the gateway may not relay to it.',
  message_refused: 'The gateway takes no such message: ask its operator which content and sender it allows.',
  gateway_auth: 'Check the credentials of this gateway.',
  gateway_refused:
    'Check credentials, sender and message template of this gateway; the answer names the cause.',
  gateway_timeout: 'Raise timeout_ms if the gateway is slow, or ask its operator.',
  template_invalid: 'Correct body or url of this gateway: a value that they show is missing.',
}
