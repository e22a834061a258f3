import { connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** How many lines came while it was cut, and were turned away. */
  readonly turnedAway: number
  /** Ends every line and takes no new one, as a machine that is gone. */
  cut(): void
  /** Takes lines again, and carries on what was frozen. */
  restore(): void
  /** Keeps every line and takes new ones, and carries nothing: a machine that went away without a word. */
  freeze(): void
  /**
   * Watches what clients send: when `pattern` passes for the first time from now on, it is let through, and the answer
   * is not: the line is cut instead. Resolves when that has happened.
   */
  cutAnswerOf(pattern: string, options?: WatchOptions): Promise<void>
  /** The same, but what carries the pattern is not let through either: the target never gets it. */
  cutBefore(pattern: string, options?: WatchOptions): Promise<void>
  /** The same, but what carries the pattern stays on its way: it arrives when what this resolves with is called. */
  holdBack(pattern: string, options?: WatchOptions): Promise<() => void>
  close(): Promise<void>
}

export interface WatchOptions {
  /** Only on a line that carried this before, since the watch began: names one transaction among others. */
  readonly after?: string
}

interface Watch extends WatchOptions {
  readonly pattern: string
  readonly kind: 'cut-answer' | 'cut-before' | 'hold-back'
  /** Lines that carried `after`. */
  readonly marked: Set<Socket>
  readonly fired: (release: () => void) => void
}

/** A line between a client and a real server that a test can cut. */
export async function openTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const state: { isCut: boolean; isFrozen: boolean; turnedAway: number; watch: Watch | undefined } = {
    isCut: false,
    isFrozen: false,
    turnedAway: 0,
    watch: undefined,
  }

  const server = createServer((client) => {
    if (state.isCut) {
      state.turnedAway += 1
      client.resetAndDestroy()
      return
    }
    const upstream = connect(target)
    let dropsAnswers = false
    let isHeldBack = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        if (!isHeldBack) {
          upstream.destroy()
        }
      })
    }
    client.on('data', (bytes) => {
      const watch = fire(state.watch, client, bytes)
      if (watch === undefined) {
        upstream.write(bytes)
        return
      }
      state.isCut = true
      state.watch = undefined
      watch.fired(() => upstream.end(bytes))
      if (watch.kind === 'cut-answer') {
        dropsAnswers = true
        upstream.write(bytes)
      } else {
        isHeldBack = watch.kind === 'hold-back'
        client.resetAndDestroy()
      }
    })
    upstream.on('data', (bytes) => {
      if (dropsAnswers) {
        client.resetAndDestroy() // the server has answered: what was asked is done, and nobody will know
      } else {
        client.write(bytes)
      }
    })
    if (state.isFrozen) {
      client.pause()
      upstream.pause()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()

  function watchFor(kind: Watch['kind'], pattern: string, options: WatchOptions = {}): Promise<() => void> {
    return new Promise((fired) => {
      state.watch = { ...options, kind, pattern, marked: new Set(), fired }
    })
  }

  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get turnedAway() {
      return state.turnedAway
    },
    cut() {
      state.isCut = true
      for (const socket of sockets) {
        socket.resetAndDestroy()
      }
    },
    restore() {
      state.isCut = false
      state.isFrozen = false
      for (const socket of sockets) {
        socket.resume()
      }
    },
    freeze() {
      state.isFrozen = true
      for (const socket of sockets) {
        socket.pause()
      }
    },
    async cutAnswerOf(pattern, options) {
      await watchFor('cut-answer', pattern, options)
    },
    async cutBefore(pattern, options) {
      await watchFor('cut-before', pattern, options)
    },
    holdBack: (pattern, options) => watchFor('hold-back', pattern, options),
    async close() {
      state.isCut = true
      for (const socket of sockets) {
        socket.destroy()
      }
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The watch, if these bytes on this line are what it waits for. */
function fire(watch: Watch | undefined, line: Socket, bytes: Buffer): Watch | undefined {
  if (watch === undefined) {
    return undefined
  }
  if (watch.after === undefined || bytes.includes(watch.after)) {
    watch.marked.add(line)
  }
  return watch.marked.has(line) && bytes.includes(watch.pattern) ? watch : undefined
}
