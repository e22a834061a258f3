/** What one connection or request may take of the server. */
export interface HttpLimits {
  readonly bodyBytesMax: number
  /** Request line and headers together. */
  readonly headerBytesMax: number
  readonly headersTimeoutMs: number
  /** Until the last byte of the request has arrived. */
  readonly requestTimeoutMs: number
  readonly keepAliveTimeoutMs: number
  /** Without a byte either way. */
  readonly idleTimeoutMs: number
  readonly timeoutCheckIntervalMs: number
}

export const defaultHttpLimits: HttpLimits = {
  // the largest body of the contract, a user with all attributes, stays below 10 KiB
  bodyBytesMax: 64 * 1_024,
  headerBytesMax: 16 * 1_024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
  keepAliveTimeoutMs: 72_000, // above the 60 s after which balancers usually drop idle connections
  idleTimeoutMs: 75_000, // far above the 25 s that a reset may take without a byte on the line
  timeoutCheckIntervalMs: 1_000,
}
