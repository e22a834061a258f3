import { describe, expect, it } from 'vitest'
import { bodyKindOf } from './media-type.ts'

describe('bodyKindOf', () => {
  it.each([
    [undefined, 'json'],
    ['', 'json'],
    ['application/json', 'json'],
    ['application/json; charset=utf-8', 'json'],
    ['application/json;charset=utf8', 'json'],
    ['Application/JSON; Charset="UTF-8"', 'json'],
    ['application/x-www-form-urlencoded', 'form'],
    ['application/x-www-form-urlencoded; charset=UTF-8', 'form'],
    ['application/json; charset=latin1', undefined],
    ['application/json; charset=utf-8, application/json', undefined],
    ['application/json, application/json', undefined],
    ['application/jsonp', undefined],
    ['text/json', undefined],
    ['multipart/form-data; boundary=x', undefined],
  ])('reads %j as %s', (contentType, kind) => {
    expect(bodyKindOf(contentType)).toBe(kind)
  })
})
