import type { TLSSocket } from 'node:tls'
import { failed, ok, type ProbeEnd } from './gateway-probe.ts'

/**
 * Judges a handshake that was let through whatever the certificate says, so that it can be told what is wrong with it.
 * @param host as the settings name it
 */
export function judgeCertificate(socket: TLSSocket, host: string, hasOwnAuthority: boolean): ProbeEnd {
  if (socket.authorized) {
    return ok(`${socket.getProtocol() ?? 'TLS'}, certificate of ${issuerOf(socket)} is valid for ${host}`)
  }
  // typed as Error, but Node gives the code alone
  const code = String(socket.authorizationError)
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return failed(
      `the certificate is for ${namesOf(socket)}, not for ${host}`,
      `Write a name of the certificate into url, or have one issued for ${host}.`,
    )
  }
  if (code === 'CERT_HAS_EXPIRED') {
    const until = socket.getPeerCertificate().valid_to
    return failed(
      `the certificate expired at ${until}`,
      'Renew the certificate on the server; if it is new, check the clock of this machine.',
    )
  }
  if (code === 'CERT_NOT_YET_VALID') {
    const from = socket.getPeerCertificate().valid_from
    return failed(
      `the certificate is not valid before ${from}`,
      'Check the clock of this machine; if it is right, have the certificate issued anew.',
    )
  }
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') {
    return failed(
      `the certificate is signed by itself, by no authority (${code})`,
      'Put this certificate (PEM) into tls_ca of this gateway, or have one issued by an authority.',
    )
  }
  if (untrustedCodes.includes(code)) {
    const by = hasOwnAuthority ? ' by tls_ca of this gateway' : ''
    return failed(
      `the authority ${issuerOf(socket)} that issued the certificate is not trusted${by} (${code})`,
      "Put that authority's certificate (PEM) into tls_ca of this gateway, or use one of a public authority.",
    )
  }
  return failed(`the certificate is refused: ${code}`, 'Have the certificate on the server replaced.')
}

const untrustedCodes = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]

function issuerOf(socket: TLSSocket): string {
  const { issuer } = socket.getPeerCertificate()
  const name = issuer?.CN ?? issuer?.O
  return `"${Array.isArray(name) ? name.join(', ') : (name ?? 'without a name')}"`
}

function namesOf(socket: TLSSocket): string {
  const { subjectaltname, subject } = socket.getPeerCertificate()
  const names = subjectaltname?.replace(/\b(?:DNS|IP Address):/g, '')
  return names ?? String(subject?.CN ?? 'no name at all')
}
