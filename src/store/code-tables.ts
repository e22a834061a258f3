export interface CodeRequestTable {
  tenant_id: string
  id: string
  purpose: string
  channel: string
  contact_sealed: string | null
  contact_mac: string
  address_mac: string | null
  user_id: string | null
  created_at: number
  /** NULL: settled; it is kept for a day to be counted. */
  due_at: number | null
  deadline_at: number
  attempts: number
  unsettled_attempts: number
}

export interface CodeTable {
  tenant_id: string
  user_id: string
  channel: string
  purpose: string
  code_mac: string
  credential_version: number
  tries: number
  expires_at: number
}

export interface SessionTicketTable {
  tenant_id: string
  ticket_digest: string
  session_id: string
  application_id: string
  expires_at: number
}

export interface UsedCaptchaTable {
  tenant_id: string
  captcha_digest: string
  expires_at: number
}
