import { Type } from 'typebox'

// tokens of ours are 43 characters
const TOKEN_LENGTH_MAX = 512

/** What the contract's clients tell of the end user's device; taken, and of no consequence here. */
export const device = {
  operating_sys_version: Type.Optional(Type.String()),
  device_ip: Type.Optional(Type.String()),
  device_fingerprint: Type.Optional(Type.String()),
  agent: Type.Optional(Type.String()),
}

export const SessionToken = Type.String({
  maxLength: TOKEN_LENGTH_MAX,
  description: 'session_token of a sign-in',
})

export const Ticket = Type.String({ maxLength: TOKEN_LENGTH_MAX })
