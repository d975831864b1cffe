import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

/** Addresses that are not on the public internet (RFC 6890, and multicast). */
const PRIVATE = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24],
  ['192.0.2.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 3]
] as const) PRIVATE.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of [
  ['::', 96], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['100::', 64], ['2001::', 32], ['2001:db8::', 32], ['2002::', 16], ['fc00::', 7],
  ['fe80::', 10], ['fec0::', 10], ['ff00::', 8]
] as const) PRIVATE.addSubnet(net, prefix, 'ipv6')

export type Resolve = (hostname: string) => Promise<ReadonlyArray<{ address: string }>>

const resolveAll: Resolve = hostname => lookup(hostname, { all: true })

/** Whether a host is, or may lead to, an address of a private network; a name that has any such address does. */
export async function isPrivateHost (hostname: string, resolve: Resolve = resolveAll): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(host) === 0 ? (await resolve(host)).map(({ address }) => address) : [host]
  return addresses.length === 0 || addresses.some(isPrivateAddress)
}

export function isPrivateAddress (address: string): boolean {
  // BlockList compares an IPv4 address written as IPv6 (::ffff:127.0.0.1) with the rules of IPv4.
  return PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
