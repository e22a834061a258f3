import { randomBytes } from 'node:crypto'
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  generateKeyPair,
  type JSONWebKeySet,
  jwtVerify,
  SignJWT,
} from 'jose'
import { expect, test } from 'vitest'
import { describeEachDatabase, openTestDatabase } from '../../../test/support/databases.ts'
import { seedTenant } from '../../../test/support/seed-tenant.ts'
import { createTestClock } from '../../../test/support/test-clock.ts'
import { createSeal } from '../../store/seal.ts'
import { systemRandomBytes } from '../randomness.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { createIdTokenSigner } from './create-id-token-signer.ts'
import type { IdTokenSigner } from './id-token-signer.ts'

describeEachDatabase('createIdTokenSigner', (kind) => {
  /** One database and any number of processes on it. */
  async function withDatabase(
    work: (p: {
      tenant: Tenant
      otherTenant: Tenant
      clock: ReturnType<typeof createTestClock>
      start: (publicUrl?: string) => IdTokenSigner
      countKeys: () => Promise<number>
      actions: () => Promise<readonly string[]>
    }) => Promise<void>,
  ): Promise<void> {
    const clock = createTestClock()
    const { store, close } = await openTestDatabase(kind, { clock })
    try {
      const tenant = await seedTenant(store)
      const seal = createSeal(randomBytes(32))
      await work({
        tenant,
        otherTenant: await seedTenant(store),
        clock,
        start: (publicUrl) =>
          createIdTokenSigner({ store, seal, clock, random: systemRandomBytes, publicUrl }),
        countKeys: async () => (await store.read.signingKeys.list(tenant.id)).length,
        actions: async () => (await store.read.audit.list(tenant.id, 10)).map((row) => row.action),
      })
    } finally {
      await close()
    }
  }

  test('signs what any holder of the public keys can verify', async () => {
    await withDatabase(async ({ tenant, start, clock }) => {
      const signer = start()
      const token = await signer.sign(tenant, { sub: 'u1', aud: 'app' }, 60)
      const keys = await signer.publicKeys(tenant.id)
      expect(keys.keys[0]).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig' })
      expect(Object.keys(keys.keys[0] ?? {})).not.toContain('d')
      expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', kid: keys.keys[0]?.kid })
      const issuer = `https://${tenant.domains[0]}`
      const jwks = createLocalJWKSet(keys as unknown as JSONWebKeySet)
      const { payload } = await jwtVerify(token, jwks, { issuer, audience: 'app' })
      expect(payload).toMatchObject({ sub: 'u1', jti: expect.any(String) })
      expect(Number(payload.exp) - Number(payload.iat)).toBe(60)
      expect(payload.nbf).toBe(payload.iat)
      clock.advance(63_000)
      expect(await signer.verify(tenant, token)).toBeUndefined()
    })
  })

  test('makes one key however many processes need the first at once', async () => {
    await withDatabase(async ({ tenant, start, countKeys, actions }) => {
      const signers = [start(), start()]
      const tokens = await Promise.all(
        [0, 1, 0, 1].map((index) => signers[index]?.sign(tenant, { sub: 'u1' }, 60)),
      )
      expect(await countKeys()).toBe(1)
      expect(await actions()).toEqual(['signing_key.created'])
      for (const token of tokens) {
        for (const signer of signers) {
          expect(await signer.verify(tenant, token ?? '')).toMatchObject({ sub: 'u1' })
        }
      }
    })
  })

  test('knows a key that another process made a moment ago', async () => {
    await withDatabase(async ({ tenant, start }) => {
      const [first, second] = [start(), start()]
      expect(await second.verify(tenant, 'no.jwt.at-all')).toBeUndefined()
      const token = await first.sign(tenant, { sub: 'u1' }, 60)
      expect(await second.verify(tenant, token)).toMatchObject({ sub: 'u1' })
    })
  })

  test('names the public address as issuer, and takes no other', async () => {
    await withDatabase(async ({ tenant, start }) => {
      const token = await start('https://id.acme.example').sign(tenant, {}, 60)
      expect(await start('https://id.acme.example').verify(tenant, token)).toMatchObject({
        iss: 'https://id.acme.example',
      })
      expect(await start().verify(tenant, token)).toBeUndefined()
    })
  })

  test('verifies nothing that was not signed by a key of this tenant', async () => {
    await withDatabase(async ({ tenant, otherTenant, start }) => {
      const signer = start('https://id.acme.example')
      const token = await signer.sign(tenant, { sub: 'u1' }, 60)
      const { kid = '' } = decodeProtectedHeader(token)
      const [header = '', payload = '', signature = ''] = token.split('.')
      const { privateKey } = await generateKeyPair('RS256')
      const claims = () =>
        new SignJWT({ sub: 'u1' }).setIssuer('https://id.acme.example').setExpirationTime('1h')
      const none = Buffer.from(JSON.stringify({ alg: 'none', kid })).toString('base64url')
      const publicKey = JSON.stringify((await signer.publicKeys(tenant.id)).keys[0])
      const forged = [
        await signer.sign(otherTenant, { sub: 'u1' }, 60),
        await claims().setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey),
        await claims().setProtectedHeader({ alg: 'HS256', kid }).sign(new TextEncoder().encode(publicKey)),
        `${none}.${payload}.`,
        `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
        `${header}.${payload}`,
        '',
        'a.b.c',
      ]
      for (const each of forged) {
        expect(await signer.verify(tenant, each)).toBeUndefined()
      }
      expect(await signer.verify(tenant, token)).toMatchObject({ sub: 'u1' })
    })
  })
})
