export interface WebhookTable {
  tenant_id: string
  name: string
  url: string
  /** Names and patterns, as the tenant file has them. */
  events_json: string
  secret_sealed: string
  secret_previous_sealed: string | null
  timeout_ms: number
  created_at: number
  /** Of the newest audit row that was looked at. */
  walked_sequence: number
  /** Audit rows that retention had removed before they were looked at. */
  missed_rows: number
  off_at: number | null
  off_reason: string | null
  last_success_at: number | null
  last_failure_at: number | null
  last_failure: string | null
}

export interface WebhookDeliveryTable {
  tenant_id: string
  id: string
  webhook: string
  event: string
  payload_json: string
  occurred_at: number
  state: string
  /** NULL: it is not sent any more. */
  due_at: number | null
  attempts: number
  last_attempt_at: number | null
  last_status: number | null
  last_reason: string | null
  /** NULL: it is still to be sent. */
  remove_at: number | null
}
