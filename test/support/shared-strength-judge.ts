import { createStrengthJudge } from '../../src/core/password/create-strength-judge.ts'

/** One real thread for all tests of a file: it keeps no process alive, and loads its lists once. */
export const sharedStrengthJudge = createStrengthJudge()
