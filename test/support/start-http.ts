import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { bindAccountCalls } from '../../src/core/accounts/bind-account-calls.ts'
import { bindApplicationOrganizationCalls } from '../../src/core/application-organizations/bind-application-organization-calls.ts'
import { bindRoleCalls } from '../../src/core/application-roles/bind-role-calls.ts'
import { createAddressRefusals } from '../../src/core/applications/allowed-addresses.ts'
import { bindAttributeCalls } from '../../src/core/attributes/bind-attribute-calls.ts'
import type { Core } from '../../src/core/core.ts'
import { bindImportCalls } from '../../src/core/imports/bind-import-calls.ts'
import { bindOrganizationCalls } from '../../src/core/organizations/bind-organization-calls.ts'
import { createPasswordHasher } from '../../src/core/password/create-password-hasher.ts'
import { systemRandomBytes } from '../../src/core/randomness.ts'
import { Secret } from '../../src/core/secret.ts'
import { createTenantDirectory } from '../../src/core/tenants/tenant-directory.ts'
import { createAccessTokenAuthenticator } from '../../src/core/tokens/authenticate-access-token.ts'
import { createIdTokenSigner } from '../../src/core/tokens/create-id-token-signer.ts'
import { issueAccessToken } from '../../src/core/tokens/issue-access-token.ts'
import { bindUserCalls } from '../../src/core/users/bind-user-calls.ts'
import { bindWebhookCalls } from '../../src/core/webhooks/bind-webhook-calls.ts'
import type { HttpDeps } from '../../src/http/http-deps.ts'
import { createHttpServer } from '../../src/http/server.ts'
import { createHealth } from '../../src/observability/health.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { createMetrics } from '../../src/observability/metrics.ts'
import { createSeal } from '../../src/store/seal.ts'
import type { Store } from '../../src/store/store.ts'
import { cheapHashParameters } from './seed-tenant.ts'
import { sharedStrengthJudge } from './shared-strength-judge.ts'
import type { TestClock } from './test-clock.ts'

export interface StartHttpOptions {
  readonly store: Store
  readonly clock: TestClock
  readonly http?: Partial<HttpDeps>
}

export interface StartedHttp {
  readonly port: number
  readonly url: string
  /** Everything logged, at debug and above, one JSON object a line. */
  readonly logLines: readonly string[]
  /** @throws Error an answer was not declared by its route */
  close(): Promise<void>
}

/**
 * The HTTP server on a free port of loopback over a real store, with every operation that needs no gateway. Resets and
 * sign-ins are tested through the whole application.
 */
export async function startHttp(options: StartHttpOptions): Promise<StartedHttp> {
  const { store, clock, http } = options
  const logLines: string[] = []
  const undeclared: string[] = []
  const server = createHttpServer({
    core: createCore(options),
    tenants: createTenantDirectory(store, clock),
    logger: createLogger({ level: 'debug', destination: { write: (line: string) => logLines.push(line) } }),
    metrics: createMetrics(),
    health: createHealth(store, clock),
    trustProxy: [],
    strictAnswers: true,
    onUndeclaredAnswer: (note) => undeclared.push(note),
    ...http,
  })
  await server.listen({ port: 0, host: '127.0.0.1' })
  const { port } = server.server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    logLines,
    async close() {
      await server.close()
      if (undeclared.length > 0) throw new Error(undeclared.join('\n'))
    },
  }
}

function createCore({ store, clock }: StartHttpOptions): Core {
  const random = systemRandomBytes
  const seal = createSeal(randomBytes(32))
  const signer = createIdTokenSigner({ store, seal, clock, random, publicUrl: undefined })
  const parameters = cheapHashParameters
  const hasher = createPasswordHasher({ random, concurrencyMax: 2, queueMax: 1_000, parameters })
  const judges = { strength: sharedStrengthJudge, breaches: undefined }
  const sealAddress = (address: string, context: string) => seal.seal(new Secret(address), context)
  const recordAddressRefusal = createAddressRefusals({
    ...{ store, clock },
    onRefused: () => undefined,
    onRecorded: () => undefined,
  })
  const parts: Partial<Core> = {
    issueAccessToken: (call) =>
      issueAccessToken({ store, clock, random, signer, recordAddressRefusal }, call),
    authenticate: createAccessTokenAuthenticator({ store, clock, recordAddressRefusal }),
    listPublicKeys: (tenant) => signer.publicKeys(tenant.id),
    ...bindOrganizationCalls({ store, random }),
    ...bindAttributeCalls({ store }),
    ...bindUserCalls({ store, random, hasher, judges, sealAddress }, () =>
      Promise.reject(new Error('resets are tested through the whole application')),
    ),
    ...bindAccountCalls({ store, random }),
    ...bindApplicationOrganizationCalls({ store, random }),
    ...bindRoleCalls({ store, random }),
    ...bindImportCalls({ store, random, hasher, judges, sealAddress }),
    ...bindWebhookCalls({ store }),
  }
  return parts as Core
}
