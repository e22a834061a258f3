import { describe, expect, it } from 'vitest'
import { ApiError } from '../../errors/api-error.ts'
import { StoreUnavailableError } from '../../errors/store-error.ts'
import { route } from '../route.ts'
import { answerError } from './errors.ts'

const english = { language: 'en', route: undefined } as const
const example = route({
  method: 'GET',
  path: '/example',
  permission: 'user_read',
  summary: 'Example',
  answers: [200, 'USER.0001'],
  handle: async () => ({ body: undefined }),
})

describe('answerError', () => {
  it('writes a code of the catalogue with exactly the two keys of the contract', () => {
    const answer = answerError(new ApiError('USER.0011', { detail: 'no_mobile' }), english)
    expect(answer.status).toBe(400)
    expect(answer.body).toBe('{"error_code":"USER.0011","error_msg":"Mobile number cannot be empty"}')
    expect(answer.headers).toEqual({ 'X-Error-Detail': 'no_mobile' })
  })

  it('writes Chinese for who reads Chinese', () => {
    const answer = answerError(new ApiError('USER.0011'), { ...english, language: 'zh' })
    expect(answer.body).toBe('{"error_code":"USER.0011","error_msg":"手机号不能为空"}')
  })

  it('writes codes of the OAuth family in their own shape, with the challenge', () => {
    const unknown = answerError(new ApiError('invalid_token', { params: ['Invalid access'] }), english)
    expect(unknown.body).toBe('{"error":"invalid_token","error_description":"Invalid access"}')
    expect(unknown.headers).toEqual({ 'WWW-Authenticate': 'Bearer' })
    const client = answerError(new ApiError('invalid_client'), english)
    expect(client.headers['WWW-Authenticate']).toMatch(/^Basic /)
  })

  it('answers an unreachable store as 503 with Retry-After', () => {
    const answer = answerError(new StoreUnavailableError('connect ECONNREFUSED'), english)
    expect(answer.status).toBe(503)
    expect(answer.body).toContain('REQUEST.9012')
    expect(Number(answer.headers['Retry-After'])).toBeGreaterThan(0)
  })

  it.each([new Error('secret cause'), 'secret cause', undefined, { message: 'secret cause' }])(
    'answers anything else as 500 and keeps the cause for the log: %s',
    (error) => {
      const answer = answerError(error, english)
      expect(answer.status).toBe(500)
      expect(answer.body).not.toContain('secret')
      expect(answer.cause).toBe(error)
    },
  )

  it('does not take a broken line to the database for a broken request', () => {
    const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
    expect(answerError(error, english).status).toBe(500)
  })

  it('turns a code that the route did not declare into a 500 and tells of it, under strict answers', () => {
    const notes: string[] = []
    const strict = { ...english, route: example, onUndeclaredAnswer: (note: string) => notes.push(note) }
    expect(answerError(new ApiError('USER.0001'), strict).status).toBe(400)
    expect(answerError(new ApiError('invalid_token'), strict).status).toBe(401)
    expect(notes).toEqual([])
    expect(answerError(new ApiError('USER.0012'), strict).status).toBe(500)
    expect(notes).toEqual(['GET /example answered USER.0012, which it does not declare'])
  })
})
