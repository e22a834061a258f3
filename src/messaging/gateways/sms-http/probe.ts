import { isIP, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import type { Clock } from '../../../core/clock.ts'
import { failed, type Probe, type ProbeEnd, skipped } from '../../gateway-probe.ts'
import type { GatewaySpec } from '../../gateway-settings.ts'
import { reachAddress } from '../../probe-address.ts'
import { judgeCertificate } from '../../probe-certificate.ts'
import { readSmsHttpSettings, type SmsHttpSettings } from './settings.ts'

/**
 * Name, connection and TLS. Whether the vendor takes credentials and sender, its interface tells with a message only.
 * @throws Error when the settings are not valid
 */
export async function probeSmsHttp(
  probe: Probe,
  clock: Clock,
  spec: Pick<GatewaySpec, 'settings'>,
): Promise<void> {
  const settings = readSmsHttpSettings(spec.settings)
  // scheme and host stand still; what follows them is a template
  const origin = new URL(/^https?:\/\/[^/?#]+/i.exec(settings.url)?.[0] ?? settings.url)
  const isSecure = origin.protocol === 'https:'
  const host = origin.hostname.replace(/^\[|\]$/g, '')
  const port = origin.port === '' ? (isSecure ? 443 : 80) : Number(origin.port)
  const { timeoutMs } = settings
  const socket = await reachAddress(probe, clock, { host, port, timeoutMs })
  if (socket === undefined) {
    return
  }
  try {
    const end = isSecure
      ? await shakeHands(socket, host, settings)
      : skipped('http:// is not encrypted: messages can be read on the way')
    if (probe.record('tls', end)) {
      probe.record('authentication', skipped('known only with a message: add --to'))
      probe.record('sender', skipped('known only with a message: add --to'))
    }
  } finally {
    socket.destroy()
  }
}

async function shakeHands(socket: Socket, host: string, settings: SmsHttpSettings): Promise<ProbeEnd> {
  return await new Promise((resolve) => {
    const secured: TLSSocket = connect({
      socket,
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      minVersion: 'TLSv1.2',
      // let through to be able to tell what is wrong; nothing is sent over it
      rejectUnauthorized: false,
      ...(settings.tlsCa === undefined ? {} : { ca: settings.tlsCa }),
    })
    const timer = setTimeout(() => end(noTls('no answer in time')), settings.timeoutMs)
    function end(result: ProbeEnd): void {
      clearTimeout(timer)
      resolve(result)
      secured.destroy()
    }
    secured.on('error', (error) => end(noTls(error.message)))
    secured.once('close', () => end(noTls('the connection was closed')))
    secured.once('secureConnect', () => end(judgeCertificate(secured, host, settings.tlsCa !== undefined)))
  })
}

function noTls(said: string): ProbeEnd {
  return failed(
    `no TLS: ${said.split('\n')[0]?.slice(0, 150)}`,
    'Check the port in url, and that the server speaks TLS 1.2 or newer there.',
  )
}
