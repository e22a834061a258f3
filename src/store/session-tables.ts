export interface SessionTable {
  tenant_id: string
  id: string
  token_digest: string
  user_id: string
  application_id: string
  credential_version: number
  created_at: number
  expires_at: number
  device: string | null
  idle_seconds: number | null
  last_seen_at: number | null
}

export interface StateTokenTable {
  tenant_id: string
  token_digest: string
  user_id: string
  application_id: string
  reset_id: string | null
  credential_version: number
  created_at: number
  expires_at: number
  purpose: string
}

export interface SignInFailureTable {
  tenant_id: string
  subject: string
  failed_count: number
  last_failed_at: number
  locked_until: number | null
  /** End of the lock that was looked at for a notice; another one than `locked_until`: that was not yet. */
  told_until: number
  /** When a notice was last due. */
  told_at: number | null
}
