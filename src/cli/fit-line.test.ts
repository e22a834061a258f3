import { expect, it } from 'vitest'
import { fitLine } from './fit-line.ts'

it('keeps a line that fits and cuts one that does not', () => {
  expect(fitLine('alice', 5)).toBe('alice')
  expect(fitLine('alice!', 5)).toBe('alic…')
})

it('counts a Chinese character as the two columns it takes', () => {
  expect(fitLine('爱丽丝', 6)).toBe('爱丽丝')
  expect(fitLine('爱丽丝', 5)).toBe('爱丽…')
})

it('lets nothing from outside move the cursor or hide what is printed', () => {
  expect(fitLine('a\u001b[2Jb\r\nc\u202ed', 20)).toBe('a [2Jb c d')
})
