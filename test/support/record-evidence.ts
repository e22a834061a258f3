import { type Server, ServerResponse } from 'node:http'
import { Secret } from '../../src/core/secret.ts'
import { addEvidence, evidenceFolder, recordAnswerGiven, recordMadePassword } from './evidence.ts'

/**
 * Loaded before every test file, and into every server that a test starts: writes down each password that the server
 * makes and every answer that it gives. What runs is changed in nothing else.
 */

// servers of ours that show passwords on purpose, because they stand for the people who get them
const outside = new WeakSet<Server>()

/** Answers of this server are no evidence: it is a gateway's, or a mailbox. */
export function markAsOutside(server: Server): void {
  outside.add(server)
}

// the generator judges each candidate before it answers one: whatever it reveals there may become a password
const FROM_GENERATOR = /generate-password\.[jt]s/

function recordMadePasswords(): void {
  const { reveal } = Secret.prototype
  const known = new Set<string>()
  Secret.prototype.reveal = function revealAndRecord(this: Secret): string {
    const value = reveal.call(this)
    if (!known.has(value) && FROM_GENERATOR.test(new Error().stack ?? '')) {
      known.add(value)
      recordMadePassword(value)
    }
    return value
  }
}

const ANSWERS_ARE_RECORDED = Symbol.for('rekey.test.answers-are-recorded')

/** Once for each process, however many test files run in it. */
function recordAnswers(): void {
  if (Reflect.has(ServerResponse, ANSWERS_ARE_RECORDED)) {
    return
  }
  Reflect.set(ServerResponse, ANSWERS_ARE_RECORDED, true)
  const { end, write } = ServerResponse.prototype
  ServerResponse.prototype.write = function writeAndRecord(this: ServerResponse, ...args: unknown[]) {
    recordChunk(this, args[0])
    return Reflect.apply(write, this, args)
  }
  ServerResponse.prototype.end = function endAndRecord(this: ServerResponse, ...args: unknown[]) {
    recordChunk(this, args[0])
    recordText(this, `${JSON.stringify(this.getHeaders())}\n`)
    recordGiven(this, args[0])
    return Reflect.apply(end, this, args)
  }
}

function recordChunk(response: ServerResponse, chunk: unknown): void {
  if (typeof chunk === 'string' || chunk instanceof Uint8Array) {
    recordText(response, chunk)
  }
}

const CODE = /^\{"error(?:_code)?":"([^"]+)"/

function recordGiven(response: ServerResponse, chunk: unknown): void {
  const { method = '', url = '' } = response.req
  const [, code] = (response.statusCode >= 300 && typeof chunk === 'string' && CODE.exec(chunk)) || []
  recordAnswerGiven(method, url, response.statusCode, code)
}

function recordText(response: ServerResponse, text: string | Uint8Array): void {
  const { socket, url = '' } = response.req
  const server = (socket as typeof socket & { readonly server?: Server }).server
  const isMailbox = url.startsWith('/demo/mailbox')
  if (!isMailbox && (server === undefined || !outside.has(server))) {
    addEvidence('answers', text)
  }
}

if (evidenceFolder !== undefined) {
  recordMadePasswords()
  recordAnswers()
}
