import { BlockList, isIP } from 'node:net'
import { ConditionError } from './condition-error.ts'
import { show } from './show.ts'

/** Parts whose texts are not compared letter by letter. */
export type Kind = 'method' | 'host' | 'address'

/** Compiles whether a part equals a text, as is right for its kind. Throws a ConditionError for what is no address. */
export function sameAs (kind: Kind, expected: string, pointer: string): (value: unknown) => boolean {
  switch (kind) {
    case 'method': return sameText(expected.toUpperCase(), text => text.toUpperCase())
    case 'host': return sameText(expected.toLowerCase(), hasPort(expected) ? text => text.toLowerCase() : text => text.toLowerCase().replace(/:\d*$/, ''))
    case 'address': return inRange(expected, pointer)
  }
}

const sameText = (expected: string, normal: (text: string) => string) => (value: unknown): boolean => typeof value === 'string' && normal(value) === expected

/** Of an IPv6 address in brackets, only what follows them is the port. */
const hasPort = (host: string): boolean => /:\d+$/.test(host) && (host.startsWith('[') ? host.includes(']:') : true)

function inRange (expected: string, pointer: string): (value: unknown) => boolean {
  const [, address = expected, bits] = /^([^/]*)\/(\d{1,3})$/.exec(expected) ?? []
  const version = isIP(address)
  if (version === 0 || Number(bits ?? 0) > (version === 4 ? 32 : 128)) {
    throw new ConditionError(pointer, `${show(expected)} is no IP address`, "write one, as in '10.1.2.3' or '::1', or a range of them, as in '10.0.0.0/8'")
  }
  const list = new BlockList()
  const family = version === 4 ? 'ipv4' : 'ipv6'
  if (bits === undefined) list.addAddress(address, family)
  else list.addSubnet(address, Number(bits), family)
  return value => {
    const found = typeof value === 'string' ? isIP(value) : 0
    // IPv4 addresses that are written as IPv6 (`::ffff:10.1.2.3`) are those that they mean.
    return found !== 0 && typeof value === 'string' && list.check(value, found === 4 ? 'ipv4' : 'ipv6')
  }
}
