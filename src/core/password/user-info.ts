import type { User } from '../users/user.ts'

/** Whom a password is for: what of them it must not hold. */
export type PasswordOwner = Pick<User, 'userName' | 'name' | 'email' | 'mobile'>

/** Stable words, each also the detail of its answer. */
export type UserInfoPart = 'user_name' | 'mobile' | 'email' | 'name'

// shorter parts stand in too many words; beyond ASCII two characters are a name
const PART_LENGTH_MIN = 3
const PART_LENGTH_MIN_BEYOND_ASCII = 2

export function isUserName(text: string, owner: PasswordOwner): boolean {
  return fold(text) === fold(owner.userName)
}

export function isUserNameReversed(text: string, owner: PasswordOwner): boolean {
  return fold(text) === reverse(fold(owner.userName))
}

/** Which facts about the owner the text holds, whatever the case and width of letters. */
export function userInfoIn(text: string, owner: PasswordOwner): readonly UserInfoPart[] {
  const folded = fold(text)
  const holds = (part: string) => isTelling(part) && folded.includes(part)
  const userName = fold(owner.userName)
  const [mailPrefix] = fold(owner.email ?? '').split('@')
  const found: Readonly<Record<UserInfoPart, boolean>> = {
    user_name: holds(userName) || holds(reverse(userName)),
    mobile: holdsMobile(folded, owner.mobile),
    email: holds(mailPrefix ?? ''),
    name: namesOf(owner).some(holds),
  }
  return (Object.keys(found) as UserInfoPart[]).filter((part) => found[part])
}

/** The name's words: `Alice`, `Miller` of `Alice Miller-O’Hara`, … */
export function namesOf(owner: PasswordOwner): readonly string[] {
  return fold(owner.name)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
}

/** Without the country code, and however it is grouped: `138-0000-0001` holds `+86-13800000001`. */
function holdsMobile(folded: string, mobile: string | undefined): boolean {
  const [, number] = (mobile ?? '').split('-')
  return number !== undefined && number !== '' && folded.replace(/[\s().+-]/g, '').includes(number)
}

function isTelling(part: string): boolean {
  const length = [...part].length
  return length >= (/^\p{ASCII}*$/u.test(part) ? PART_LENGTH_MIN : PART_LENGTH_MIN_BEYOND_ASCII)
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

function reverse(text: string): string {
  return [...text].toReversed().join('')
}
