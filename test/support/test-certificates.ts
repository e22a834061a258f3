import { generate } from 'selfsigned'

export interface TestCertificate {
  /** PEM. */
  readonly cert: string
  readonly key: string
}

export interface TestAuthority extends TestCertificate {
  /** A server certificate of this authority; default: for localhost and 127.0.0.1. */
  issue(names?: {
    readonly dns?: readonly string[]
    readonly ip?: readonly string[]
    /** Default: now, for a year. */
    readonly notBefore?: Date
    readonly notAfter?: Date
  }): Promise<TestCertificate>
}

/** A private certificate authority that nobody trusts by itself. */
export async function createTestAuthority(): Promise<TestAuthority> {
  const made = await generate([{ name: 'commonName', value: 'Test authority' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  })
  const authority = { cert: made.cert, key: made.private }
  return {
    ...authority,
    async issue({ dns = ['localhost'], ip = ['127.0.0.1'], notBefore, notAfter } = {}) {
      const issued = await generate([{ name: 'commonName', value: 'Test server' }], {
        keyType: 'ec',
        algorithm: 'sha256',
        ca: authority,
        ...(notBefore === undefined ? {} : { notBeforeDate: notBefore }),
        ...(notAfter === undefined ? {} : { notAfterDate: notAfter }),
        extensions: [
          { name: 'basicConstraints', cA: false },
          { name: 'keyUsage', digitalSignature: true },
          {
            name: 'subjectAltName',
            altNames: [
              ...dns.map((value) => ({ type: 2 as const, value })),
              ...ip.map((address) => ({ type: 7 as const, ip: address })),
            ],
          },
        ],
      })
      return { cert: issued.cert, key: issued.private }
    },
  }
}

/** A server certificate for localhost and 127.0.0.1 that no authority signed. */
export async function createSelfSignedCertificate(): Promise<TestCertificate> {
  const made = await generate([{ name: 'commonName', value: 'Test server' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { cert: made.cert, key: made.private }
}
