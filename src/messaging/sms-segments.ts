/** 3GPP TS 23.038, default alphabet: one septet each. */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** Its extension table: an escape and a septet, which stand in one segment. */
const extension = new Set('\f^{}\\[~]|€')

export interface SmsSize {
  readonly encoding: 'GSM-7' | 'UCS-2'
  /** Septets, or 16-bit units. */
  readonly units: number
  /** What is paid for. */
  readonly segments: number
  /** What still fits into the last segment. */
  readonly unitsLeft: number
}

/** A message of several parts gives 6 bytes of each to the header that joins them. */
const capacity = { 'GSM-7': { single: 160, part: 153 }, 'UCS-2': { single: 70, part: 67 } } as const

/** How an SMS is encoded and into how many segments it is cut. No character is cut in two. */
export function measureSms(text: string): SmsSize {
  const characters = [...text]
  const isGsm = characters.every((character) => basic.has(character) || extension.has(character))
  const encoding = isGsm ? 'GSM-7' : 'UCS-2'
  const sizes = characters.map((character) => (isGsm ? (extension.has(character) ? 2 : 1) : character.length))
  const units = sizes.reduce((sum, size) => sum + size, 0)
  const { single, part } = capacity[encoding]
  if (units <= single) {
    return { encoding, units, segments: 1, unitsLeft: single - units }
  }
  let [segments, filled] = [1, 0]
  for (const size of sizes) {
    if (filled + size > part) {
      segments += 1
      filled = 0
    }
    filled += size
  }
  return { encoding, units, segments, unitsLeft: part - filled }
}
