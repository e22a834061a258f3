export interface UserImportTable {
  tenant_id: string
  id: string
  /** Of a file and the options that matter; NULL: rows come over HTTP. */
  fingerprint: string | null
  /** NULL: an operator's command. */
  application_id: string | null
  is_update: number
  /** NULL: no first passwords. */
  send_mode: string | null
  per_minute: number
  /** NULL: as many as the file has. */
  rows_total: number | null
  /** Number of the last row that is settled. */
  position: number
  created: number
  updated: number
  unchanged: number
  failed: number
  created_at: number
  updated_at: number
  finished_at: number | null
  /** NULL: no first password waits. */
  next_delivery_at: number | null
}

export interface UserImportErrorTable {
  tenant_id: string
  import_id: string
  row_number: number
  line_number: number | null
  field: string
  code: string
  params_json: string
}

export interface FirstPasswordTable {
  tenant_id: string
  user_id: string
  import_id: string
  send_mode: string
  state: string
  /** Of a failure, or why it still waits. */
  reason: string | null
  /** NULL: settled. */
  due_at: number | null
  attempts: number
  created_at: number
  settled_at: number | null
}
