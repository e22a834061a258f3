import type { StoreContext } from './context.ts'
import type { SigningKeyRepository } from './store.ts'

export function createSigningKeyRepository({ db }: StoreContext): SigningKeyRepository {
  return {
    async list(tenantId) {
      const rows = await db
        .selectFrom('signing_keys')
        .select(['key_id', 'private_key_sealed', 'public_key_json', 'created_at'])
        .where('tenant_id', '=', tenantId)
        .orderBy('created_at', 'desc')
        .orderBy('key_id', 'desc')
        .execute()
      return rows.map((row) => ({
        tenantId,
        keyId: row.key_id,
        privateKeySealed: row.private_key_sealed,
        publicKeyJwk: row.public_key_json,
        createdAt: row.created_at,
      }))
    },

    /** The key is there, and signs if it is the newest. */
    async insert(key) {
      await db
        .insertInto('signing_keys')
        .values({
          tenant_id: key.tenantId,
          key_id: key.keyId,
          private_key_sealed: key.privateKeySealed,
          public_key_json: key.publicKeyJwk,
          created_at: key.createdAt,
        })
        .execute()
    },
  }
}
