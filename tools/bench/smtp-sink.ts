import { createServer, type Socket } from 'node:net'
import PostalMime from 'postal-mime'
import { answerQuestions } from './child.ts'

/** `listen` answers the port; `delay` holds every answer to a body back; `texts` answers the newest mails by address. */
export type SinkQuestion =
  | { readonly kind: 'listen' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'texts'; readonly addresses: readonly string[] }

/** An SMTP server that takes every mail and costs little: the newest one of every address is kept as it came. */
const newestMails = new Map<string, string>()
let delayMs = 0
const server = createServer(serve)

answerQuestions(async (question: SinkQuestion) => {
  switch (question.kind) {
    case 'listen':
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return (server.address() as { readonly port: number }).port
    case 'delay':
      delayMs = question.ms
      return undefined
    case 'texts':
      return await Promise.all(question.addresses.map(readText))
  }
})

async function readText(address: string): Promise<string> {
  return (await PostalMime.parse(newestMails.get(address) ?? '')).text ?? ''
}

const BODY_END = '\r\n.\r\n'
// as long as a common server's: what is answered is searched for the password
const TAKEN = '250 2.0.0 Ok: queued as 4Zx1Ab2C3dEfGh\r\n'

function serve(socket: Socket): void {
  let received = ''
  let isBody = false
  let to = ''
  socket.setNoDelay(true)
  socket.setEncoding('utf8')
  socket.on('error', () => undefined)
  socket.write('220 sink\r\n')

  function takeBody(): boolean {
    const end = received.indexOf(BODY_END)
    if (end < 0) {
      return false
    }
    newestMails.set(to, received.slice(0, end))
    received = received.slice(end + BODY_END.length)
    isBody = false
    if (delayMs === 0) {
      socket.write(TAKEN)
    } else {
      setTimeout(() => socket.write(TAKEN), delayMs)
    }
    return true
  }

  function takeCommand(): boolean {
    const end = received.indexOf('\r\n')
    if (end < 0) {
      return false
    }
    const line = received.slice(0, end)
    received = received.slice(end + 2)
    const word = line.slice(0, 4).toUpperCase()
    isBody = word === 'DATA'
    to = word === 'RCPT' ? (/<([^>]*)>/.exec(line)?.[1] ?? '') : to
    socket.write(word === 'DATA' ? '354 go on\r\n' : word === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n')
    return true
  }

  socket.on('data', (chunk: string) => {
    received += chunk
    while (isBody ? takeBody() : takeCommand());
  })
}
