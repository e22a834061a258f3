const tlsCodes =
  /^(ERR_TLS|ERR_SSL|EPROTO$|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|CRL_|ERROR_IN_CERT|HOSTNAME_|INVALID_|PATH_LENGTH)/

/** Whether an error code of Node's sockets is about TLS or certificates (OpenSSL's X509_V_ERR names come bare). */
export function isTlsFailure(code: string): boolean {
  return tlsCodes.test(code)
}
