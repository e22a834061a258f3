/** What names, codes and e-mail addresses are compared by: NFC and lower case; they are shown as typed (contract, section 8). */
export function normaliseKey(text: string): string {
  return text.normalize('NFC').toLowerCase()
}
