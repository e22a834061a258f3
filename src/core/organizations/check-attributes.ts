import { ApiError } from '../../errors/api-error.ts'
import { complainOfText } from '../complain-of-text.ts'
import { isStorableExtension } from '../is-storable-extension.ts'
import type { OrganizationChanges } from './organization-calls.ts'

/** Characters. */
export const CODE_LENGTH_MAX = 100
export const NAME_LENGTH_MAX = 255
const CATEGORY_LENGTH_MAX = 100

/** Codes also stand in commands, files and logs: letters of any script and digits, then also `. _ - @`. */
export function isOrganizationCode(text: string): boolean {
  return [...text].length <= CODE_LENGTH_MAX && /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@-]*$/u.test(text)
}

/**
 * What each attribute has to be by itself; absent ones are fine.
 * @throws ApiError ORG.9002 code, ORG.9003 name, ORG.0011 and ORG.9004 category, ORG.9004 extension
 */
export function checkAttributes({ code, name, category, extension }: OrganizationChanges): void {
  if (code !== undefined && !isOrganizationCode(code)) {
    throw new ApiError('ORG.9002', { detail: 'code' })
  }
  if (name !== undefined && complainOfText(name, NAME_LENGTH_MAX, false) !== undefined) {
    throw new ApiError('ORG.9003', { detail: 'name' })
  }
  if (category?.trim() === '') {
    throw new ApiError('ORG.0011')
  }
  if (typeof category === 'string' && complainOfText(category, CATEGORY_LENGTH_MAX, false) !== undefined) {
    throw new ApiError('ORG.9004', { params: ['category'], detail: 'category' })
  }
  if (extension && !isStorableExtension(extension)) {
    throw new ApiError('ORG.9004', { params: ['extension'], detail: 'extension' })
  }
}
