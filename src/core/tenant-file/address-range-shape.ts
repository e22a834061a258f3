import { type AddressRange, parseAddressRange } from '../applications/address-range.ts'
import { readText, type Shape } from './shape.ts'

/** Where an application may call from, in the one spelling that is stored. */
export function addressRange(): Shape<string> {
  return {
    type: 'address, CIDR range, or IPv4 with a last `*`',
    read(place, source) {
      const read = readText(place, source)
      if (read === undefined) {
        return undefined
      }
      const parsed = parseAddressRange(read.value)
      if ('complaint' in parsed) {
        // what the environment gave is not shown, in no form
        const isShown = parsed.suggestion !== undefined && read.shown === JSON.stringify(read.value)
        source.report(place, `${read.shown} ${parsed.complaint}${isShown ? `: ${parsed.suggestion}` : ''}`)
        return undefined
      }
      return spell(parsed)
    },
  }
}

function spell({ family, network, prefix }: AddressRange): string {
  return prefix === (family === 'ipv4' ? 32 : 128) ? network : `${network}/${prefix}`
}
