import { ApiError } from '../errors/api-error.ts'

const PAGE_SIZE_MIN = 10
const PAGE_SIZE_MAX = 100
// the product with the largest page size still is an exact integer and fits a 64-bit offset
const PAGE_INDEX_MAX = 1_000_000_000

/** @throws ApiError OAP.PAGE.0002 page size not 10…100; OAP.PAGE.0003 page index not 0 or more */
export function requirePage({
  pageIndex,
  pageSize,
}: {
  readonly pageIndex: number
  readonly pageSize: number
}): void {
  if (!isWholeWithin(pageSize, PAGE_SIZE_MIN, PAGE_SIZE_MAX)) throw new ApiError('OAP.PAGE.0002')
  if (!isWholeWithin(pageIndex, 0, PAGE_INDEX_MAX)) throw new ApiError('OAP.PAGE.0003')
}

function isWholeWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max
}
