/** NULL is `undefined` outside the store. */
export function known<T>(value: T | null): T | undefined {
  return value ?? undefined
}

/** `undefined` is NULL inside the store. */
export function orNull<T>(value: T | undefined): T | null {
  return value ?? null
}

export function flag(value: boolean): number {
  return value ? 1 : 0
}
