/**
 * Whether a store could hold this text at all. PostgreSQL refuses U+0000, and a lone surrogate is no UTF-8:
 * an id or name with either belongs to nobody, and is answered so without asking the store.
 */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}
