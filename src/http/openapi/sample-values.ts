import type { Json } from './json-schema.ts'

/**
 * What stands in examples for a field or parameter of this name, wherever its schema gives no example itself. The
 * tests make a company in which these exist, and send the examples to it.
 */
export const sampleValues = {
  user_id: '20201028102749564-9082-DC8CD2722',
  org_id: '20201028102801233-4F0A-1B7D90C3E',
  parent_id: '20201028102801233-4F0A-1B7D90C3E',
  app_id: '20201028102815870-77C1-5E20A94BD',
  application_id: '20201028102815870-77C1-5E20A94BD',
  account_id: '20201028102830412-B3D6-8A41F6E05',
  role_id: '20201028102842157-6E2F-3C9B70D18',
  import_id: '20201028102855036-5B1C-D40E2F7A9',
  delivery_id: '20201028102855012-19D4-7FA03C6B1',
  user_name: 'alice',
  account_name: 'alice',
  name: 'Alice',
  email: 'alice@acme.example',
  mobile: '+86-13800000001',
  employee_id: 'E0001',
  attr_gender: 'female',
  attr_birthday: '1990-05-17',
  attr_hire_date: '2020-10-28',
  last_login_ip: '192.0.2.10',
  org_code: 'it',
  orgCode: 'it',
  grade: 1,
  total: 1,
  expire: 604_800,
  expires_in: 1_800,
  access_token: 'mF_9.B5f-4.1JqM',
  session_token: 'Zb5-T0kEn_oF.a-Session',
  state_token: 'Qw3-T0kEn_oF.a-Sign-in',
  id_token: 'eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl',
  'X-client-id': 'helpdesk',
  'X-operating-sys-version': 'windows10.1.1',
  'X-device-fingerprint': 'device-1',
  'X-agent': 'Mozilla/5.0',
  'X-L': 'en',
  'X-state-token': 'Qw3-T0kEn_oF.a-Sign-in',
  password: 'My-0wn-Passphrase',
  old_password: 'My-0wn-Passphrase',
  new_password: 'An0ther-Passphrase',
  verify_code: '482913',
  updated_at_greater: '2026-01-31 08:15:00',
} as const satisfies Readonly<Record<string, Json>>

const SAMPLE_TIME = '2026-01-31 08:15:00.000'

/** Undefined: no value is known for this name. */
export function sampleValueOf(name: string): Json | undefined {
  if (Object.hasOwn(sampleValues, name)) return sampleValues[name as keyof typeof sampleValues]
  return /_at$/.test(name) ? SAMPLE_TIME : undefined
}
