import { expect, it } from 'vitest'
import { findTreeFault } from './find-tree-fault.ts'

it.each([
  ['a forest', { a: undefined, b: 'a', c: undefined }, undefined],
  ['nothing', {}, undefined],
  ['its own parent', { a: 'a' }, { organizationId: 'a', reason: 'circle' }],
  ['a circle above', { a: 'b', b: 'c', c: 'b' }, { organizationId: 'a', reason: 'circle' }],
  ['a parent that is gone', { a: undefined, b: 'gone' }, { organizationId: 'b', reason: 'missing_parent' }],
])('finds what has no place: %s', (_name, parents: Record<string, string | undefined>, fault) => {
  expect(findTreeFault(new Map(Object.entries(parents)))).toEqual(fault)
})

it('allows 32 levels and not one more', () => {
  const chain = (levels: number) =>
    new Map(
      Array.from({ length: levels }, (_, index) => [`o${index}`, index === 0 ? undefined : `o${index - 1}`]),
    )
  expect(findTreeFault(chain(32))).toBeUndefined()
  expect(findTreeFault(chain(33))).toEqual({ organizationId: 'o32', reason: 'too_deep' })
})
