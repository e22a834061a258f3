import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import { answerQuestions } from './child.ts'

export interface BareServerQuestion {
  /** With a table `users` to read. */
  readonly usersFile: string
  /** To make, for tokens. */
  readonly tokensFile: string
}

/**
 * What the server is compared with: `node:http`, one statement prepared by hand for each call, and nothing else: no
 * permission, no schema, no log, no audit.
 */
answerQuestions(async ({ usersFile, tokensFile }: BareServerQuestion) => {
  const handlers: Readonly<Record<string, Handler>> = {
    '/user': createUserHandler(usersFile),
    ...createTokenHandlers(tokensFile),
  }
  const server = createServer((request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?')
    const handler = handlers[path]
    request.resume() // bodies hold nothing that is needed here
    request.on('end', () => answer(response, handler?.(query, request) ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as { readonly port: number }).port
})

type Handler = (query: string, request: IncomingMessage) => object

function answer(response: ServerResponse, body: object): void {
  const text = JSON.stringify(body)
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.setHeader('Content-Length', Buffer.byteLength(text))
  response.end(text)
}

function createUserHandler(file: string): Handler {
  const database = new DatabaseSync(file, { readOnly: true })
  const statement = database.prepare(
    `select id, user_name, name, email, mobile, organization_id, language, disabled, created_at, updated_at
     from users where tenant_id = (select tenant_id from users limit 1) and id = ?`,
  )
  return (query) => ({ ...statement.get(query) })
}

const TOKEN_LIFETIME_MS = 1_800_000

function createTokenHandlers(file: string): Readonly<Record<string, Handler>> {
  const database = new DatabaseSync(file)
  database.exec(`pragma journal_mode = wal; pragma synchronous = full;
    create table tokens (digest text primary key, application text, issued_at integer, expires_at integer) without rowid`)
  const insert = database.prepare('insert into tokens values (?, ?, ?, ?)')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

  function issue() {
    const token = randomBytes(32).toString('base64url')
    const now = Date.now()
    insert.run(createHash('sha256').update(token).digest('hex'), 'bench', now, now + TOKEN_LIFETIME_MS)
    return { access_token: token, token_type: 'bearer', expires_in: TOKEN_LIFETIME_MS / 1_000, scope: 'all' }
  }

  return {
    '/token': issue,
    // the contract wants an id_token signed RS256 beside it: this is what a signature alone leaves
    '/signed-token': () => {
      const issued = issue()
      const claims = Buffer.from(JSON.stringify({ sub: 'bench', iat: Date.now() })).toString('base64url')
      const head = Buffer.from('{"alg":"RS256","typ":"JWT"}').toString('base64url')
      const signature = createSign('RSA-SHA256').update(`${head}.${claims}`).sign(privateKey, 'base64url')
      return { ...issued, id_token: `${head}.${claims}.${signature}` }
    },
  }
}
