import fc from 'fast-check'
import { expect, it } from 'vitest'
import { countCandidates } from './count-candidates.ts'

const sets = [
  { members: 'ab', isAtEnds: true },
  { members: '23', isAtEnds: true },
  { members: '!', isAtEnds: false },
]

/** By writing all of them down. */
function countOneByOne(length: number, classesMin: number, repeatsMax: number): number {
  const all = sets.map(({ members }) => members).join('')
  const ends = sets
    .filter(({ isAtEnds }) => isAtEnds)
    .map(({ members }) => members)
    .join('')
  let texts = ['']
  for (let index = 0; index < length; index += 1) {
    const from = index === 0 || index === length - 1 ? ends : all
    texts = texts.flatMap((text) => [...from].map((character) => text + character))
  }
  const hasClasses = (text: string) =>
    sets.filter(({ members }) => [...text].some((character) => members.includes(character))).length >=
    classesMin
  const isRunTooLong = (text: string) => repeatsMax > 0 && new RegExp(`(.)\\1{${repeatsMax}}`).test(text)
  return texts.filter((text) => hasClasses(text) && !isRunTooLong(text)).length
}

it('counts exactly the texts that have enough classes and no long run', () => {
  const classes = sets.map(({ members, isAtEnds }) => ({ size: members.length, isAtEnds }))
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 3 }),
      (length, classesMin, repeatsMax) => {
        expect(countCandidates({ length, classes, classesMin, repeatsMax })).toBe(
          countOneByOne(length, classesMin, repeatsMax),
        )
      },
    ),
  )
})
