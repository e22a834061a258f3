import { connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** Ends every line and takes no new one, as a machine that is gone. */
  cut(): void
  /** Takes lines again. */
  restore(): void
  /**
   * Watches what clients send: when `pattern` passes for the first time from now on, it is let through, and the answer
   * is not: the line is cut instead. Resolves when that has happened.
   */
  cutAnswerOf(pattern: string): Promise<void>
  close(): Promise<void>
}

/** A line between a client and a real server that a test can cut. */
export async function openTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let isCut = false
  let watch: { pattern: string; fired: () => void } | undefined

  const server = createServer((client) => {
    if (isCut) {
      client.resetAndDestroy()
      return
    }
    const upstream = connect(target)
    let dropsAnswers = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (bytes) => {
      if (watch !== undefined && bytes.includes(watch.pattern)) {
        dropsAnswers = true
        isCut = true
        watch.fired()
        watch = undefined
      }
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (dropsAnswers) {
        client.resetAndDestroy() // the server has answered: what was asked is done, and nobody will know
      } else {
        client.write(bytes)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut() {
      isCut = true
      for (const socket of sockets) {
        socket.resetAndDestroy()
      }
    },
    restore() {
      isCut = false
    },
    cutAnswerOf: (pattern) =>
      new Promise((resolve) => {
        watch = { pattern, fired: resolve }
      }),
    async close() {
      isCut = true
      for (const socket of sockets) {
        socket.destroy()
      }
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
