import { inject } from 'vitest'
import { type StartAppOptions, startApp, type TestApp } from '../support/start-app.ts'
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { createResetPoints, type ResetPoints } from './reset-points.ts'

export interface AppBehindProxy extends TestApp {
  /** Between the server and PostgreSQL; the test's own `database` goes around it. */
  readonly proxy: TcpProxy
  readonly points: ResetPoints
}

/** The whole server over a PostgreSQL that a test can take away. */
export async function startBehindProxy(options: StartAppOptions = {}): Promise<AppBehindProxy> {
  const { hostname, port } = new URL(inject('postgresUrl') ?? '')
  const proxy = await openTcpProxy({ host: hostname, port: Number(port) })
  const points = createResetPoints()
  const app = await startApp('postgres', {
    ...options,
    databaseUrl: (url) => Object.assign(new URL(url), { port: String(proxy.port) }).toString(),
    app: { reached: points.reached, ...options.app },
  })
  await app.client.token() // so that nothing but what is tested needs the database then
  return {
    ...app,
    proxy,
    points,
    async close() {
      proxy.restore()
      await app.close()
      await proxy.close()
    },
  }
}
