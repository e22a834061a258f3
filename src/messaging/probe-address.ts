import { lookup } from 'node:dns/promises'
import { connect, isIP, type Socket } from 'node:net'
import type { Clock } from '../core/clock.ts'
import { within } from '../core/within.ts'
import { failed, ok, type Probe } from './gateway-probe.ts'

interface Place {
  readonly host: string
  readonly port: number
  readonly timeoutMs: number
}

/** Looks the name up and connects, as steps `dns` and `connect`. Undefined: one of them failed. */
export async function reachAddress(probe: Probe, clock: Clock, place: Place): Promise<Socket | undefined> {
  const { host, port } = place
  if (!(await findAddress(probe, clock, place))) {
    return undefined
  }
  const end = await openSocket(place)
  if (typeof end !== 'string') {
    probe.record('connect', ok(`${end.remoteAddress ?? host} port ${port}`))
    return end
  }
  probe.record('connect', failed(`${host} port ${port}: ${end}`, connectRemedies[end] ?? anyConnectRemedy))
  return undefined
}

async function findAddress(probe: Probe, clock: Clock, { host, timeoutMs }: Place): Promise<boolean> {
  if (isIP(host) !== 0) {
    return probe.record('dns', ok(`${host} is an address, nothing to look up`))
  }
  try {
    const found = await within(clock, timeoutMs, lookup(host, { all: true }))
    return found === undefined
      ? probe.record('dns', failed(`no answer for ${host}`, 'Check the name servers of this machine.'))
      : probe.record('dns', ok(`${host} is ${found.map(({ address }) => address).join(', ')}`))
  } catch (error) {
    const code = codeOf(error)
    return code === 'ENOTFOUND'
      ? probe.record(
          'dns',
          failed(`there is no ${host}`, 'Correct the host in url, or add the name to your DNS.'),
        )
      : probe.record('dns', failed(`${host}: ${code}`, 'Check the name servers of this machine.'))
  }
}

/** The connected socket, or the system's code of why there is none. */
async function openSocket({ host, port, timeoutMs }: Place): Promise<Socket | string> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port })
    const timer = setTimeout(() => end('ETIMEDOUT'), timeoutMs)
    const onError = (error: unknown) => end(codeOf(error))

    function end(result: Socket | string): void {
      clearTimeout(timer)
      socket.off('error', onError)
      // whoever uses the socket next listens for itself
      socket.on('error', () => undefined)
      if (typeof result === 'string') {
        socket.destroy()
      }
      resolve(result)
    }

    socket.on('error', onError)
    socket.once('connect', () => end(socket))
  })
}

const anyConnectRemedy = 'Check host and port in url, and the network between.'
const connectRemedies: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens at this port: check the port in url, and that the server runs.',
  ETIMEDOUT: 'No answer: a firewall may drop it. Allow this machine to reach host and port.',
  EHOSTUNREACH: 'There is no way to this host: check the route and firewalls of this machine.',
  ENETUNREACH: 'There is no way to this network: check the route of this machine.',
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
