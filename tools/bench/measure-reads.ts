import { join } from 'node:path'
import type { BenchServer } from './bench-server.ts'
import { startChild } from './child.ts'
import { type Bench, createCalls, measureInTurns } from './measure.ts'
import { USER_PLACE } from './messages.ts'
import { type Prepared, SAMPLE_PASSWORD } from './prepare.ts'
import {
  bareRequest,
  bareUserPath,
  getUserRequest,
  listRequest,
  PAGE_SIZE,
  signInRequest,
  tokenRequest,
} from './requests.ts'
import type { Load, LoadName } from './result.ts'

/** Reads and tokens in turns with a bare server on the same file; sign-ins; the first page of the list and the last. */
export async function measureReads(
  bench: Bench,
  { database, users }: Prepared,
  server: BenchServer,
): Promise<readonly Load[]> {
  const bare = startChild('bare-server.ts')
  try {
    const port = await bare.ask<number>({
      usersFile: database.url.replace('sqlite:', ''),
      tokensFile: join(bench.folder, 'tokens.db'),
    })
    const token = await server.fetchToken()
    const ours = { users, server }
    const theirs = { users, server: { url: `http://127.0.0.1:${port}`, pid: bare.pid } }
    const reads = [
      createCalls(bench, { ...ours, name: 'getUser', request: getUserRequest(token) }),
      createCalls(bench, { ...theirs, name: 'bareUser', request: bareRequest('GET', bareUserPath) }),
    ]
    const tokens = [
      createCalls(bench, { ...ours, name: 'token', request: tokenRequest() }),
      createCalls(bench, { ...theirs, name: 'bareToken', request: bareRequest('POST', '/token') }),
      createCalls(bench, {
        ...theirs,
        name: 'bareSignedToken',
        request: bareRequest('POST', '/signed-token'),
      }),
    ]
    const signIns = createCalls(bench, { ...ours, name: 'signIn', request: sampleSignIn })
    return [
      ...(await measureInTurns(bench, reads)),
      ...(await measureInTurns(bench, tokens)),
      ...(await measureInTurns(bench, [signIns])),
      ...(await measurePages(bench, ours, ['firstPage', 'lastPage'])),
    ]
  } finally {
    await bare.stop()
  }
}

/** With the password that every user has until it is reset. */
export const sampleSignIn = signInRequest(USER_PLACE, SAMPLE_PASSWORD)

/** One call at a time: what is told is what one page costs. */
export async function measurePages(
  bench: Bench,
  { users, server }: { readonly users: number; readonly server: BenchServer },
  [first, last]: readonly [LoadName, LoadName],
): Promise<readonly Load[]> {
  const token = await server.fetchToken()
  const lastPageIndex = Math.floor(users / PAGE_SIZE)
  const page = (name: LoadName, index: number) =>
    createCalls(bench, { name, users, calls: 1, server, request: listRequest(token, index) })
  return await measureInTurns(bench, [page(first, 0), page(last, lastPageIndex)])
}
