import type SMTPConnection from 'nodemailer/lib/smtp-connection'

export interface IdleConnections {
  /** The one used last, or undefined. */
  take(): UsedConnection | undefined
  /** Keeps a connection for the next message, unless it is worn out or nobody may keep any. */
  keep(used: UsedConnection): void
  /** Ends the idle ones; none is kept from here on. */
  close(): void
}

export interface UsedConnection {
  readonly connection: SMTPConnection
  /** Messages it has carried. */
  readonly messages: number
}

const IDLE_MS_MAX = 10_000
// many servers close after a hundred
const MESSAGES_MAX = 100
const QUIT_MS_MAX = 1_000

export function createIdleConnections(): IdleConnections {
  const idle = new Map<SMTPConnection, { readonly messages: number; forget(): void }>()
  let isClosed = false

  function release(connection: SMTPConnection): number | undefined {
    const entry = idle.get(connection)
    entry?.forget()
    idle.delete(connection)
    return entry?.messages
  }

  return {
    take() {
      const connection = [...idle.keys()].at(-1)
      if (connection === undefined) {
        return undefined
      }
      return { connection, messages: release(connection) ?? 0 }
    },
    keep({ connection, messages }) {
      if (isClosed || messages >= MESSAGES_MAX) {
        quit(connection)
        return
      }
      const onEnd = () => release(connection)
      const timer = setTimeout(() => {
        release(connection)
        quit(connection)
      }, IDLE_MS_MAX)
      timer.unref()
      connection.once('end', onEnd)
      idle.set(connection, {
        messages,
        forget() {
          clearTimeout(timer)
          connection.off('end', onEnd)
        },
      })
    },
    close() {
      isClosed = true
      for (const connection of idle.keys()) {
        release(connection)
        quit(connection)
      }
    },
  }
}

/** Says goodbye, and waits for no long answer. */
function quit(connection: SMTPConnection): void {
  const timer = setTimeout(() => connection.close(), QUIT_MS_MAX)
  timer.unref()
  connection.once('end', () => clearTimeout(timer))
  connection.quit()
}
