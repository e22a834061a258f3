import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { Answer, ApiClient } from './api-client.ts'

/** A password that every default policy takes, new each time; random digits alone now and then repeat themselves. */
export function chosenPassword(): string {
  return `Chosen-${randomUUID().replace(/\w{3}/g, '$&.')}`
}

/** An own password that signs in: a session comes back. */
export async function expectSignsIn(client: ApiClient, userName: string, password: string): Promise<Answer> {
  const answer = await client.signIn(userName, password)
  expect(answer.body).toMatchObject({ status: 'SUCCESS' })
  return answer
}

/** A delivered password that works: it may only choose a new one. */
export async function expectMustChange(
  client: ApiClient,
  userName: string,
  password: string,
): Promise<string> {
  const answer = await client.signIn(userName, password)
  expect(answer.body).toMatchObject({ status: 'PASSWORD_EXPIRED' })
  return String(answer.body.state_token)
}

/** A password that is nobody's. */
export async function expectRefused(client: ApiClient, userName: string, password: string): Promise<void> {
  const answer = await client.signIn(userName, password)
  expect(answer.status).toBe(400)
  expect(answer.body).toMatchObject({ error_code: 'SDK.LOGIN.1005' })
}
