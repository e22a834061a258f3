import { startServer } from './bench-server.ts'
import { createSqliteDatabase } from './database.ts'
import { type Bench, createCalls, measureInTurns } from './measure.ts'
import { measurePages, sampleSignIn } from './measure-reads.ts'
import { prepare } from './prepare.ts'
import { getUserRequest, resetRequest } from './requests.ts'
import type { Load, LoadName } from './result.ts'

/** The same calls with few people and with many, in turns. */
export async function measureGrowth(bench: Bench): Promise<readonly Load[]> {
  const { usersFew, usersMany } = bench.settings
  const few = await prepare(bench, createSqliteDatabase(bench.folder, 'few'), usersFew)
  const many = await prepare(bench, createSqliteDatabase(bench.folder, 'many'), usersMany)
  const fewServer = await startServer(few.database, bench)
  const manyServer = await startServer(many.database, bench)
  try {
    const [fewToken, manyToken] = [await fewServer.fetchToken(), await manyServer.fetchToken()]
    const pair = (names: readonly [LoadName, LoadName], request: (token: string) => string) =>
      measureInTurns(bench, [
        createCalls(bench, {
          name: names[0],
          users: usersFew,
          server: fewServer,
          request: request(fewToken),
        }),
        createCalls(bench, {
          name: names[1],
          users: usersMany,
          server: manyServer,
          request: request(manyToken),
        }),
      ])
    return [
      ...(await pair(['getUserFew', 'getUserMany'], getUserRequest)),
      ...(await pair(['signInFew', 'signInMany'], () => sampleSignIn)),
      ...(await pair(['resetFew', 'resetMany'], resetRequest)),
      ...(await measurePages(bench, { users: usersMany, server: manyServer }, [
        'firstPageMany',
        'lastPageMany',
      ])),
    ]
  } finally {
    await Promise.all([fewServer.stop(), manyServer.stop()])
    few.database.remove()
    many.database.remove()
  }
}
