import { BlockList, isIP } from 'node:net'

/** How near an address is. */
export type AddressKind = 'loopback' | 'private' | 'public' | 'forbidden'

type Subnet = readonly [net: string, prefix: number]

const LOOPBACK = listOf([['127.0.0.0', 8], ['0.0.0.0', 32], ['::1', 128], ['::', 128]])

/**
 * Never called, whatever is allowed: link-local addresses, where clouds tell a machine its secrets, the like elsewhere, and what
 * is no single machine.
 */
const FORBIDDEN = listOf([
  ['169.254.0.0', 16], ['fe80::', 10], ['fd00:ec2::', 32], ['100.100.100.200', 32], ['192.0.0.192', 32], ['168.63.129.16', 32],
  ['64:ff9b::a9fe:0', 112], ['0.0.0.0', 8], ['224.0.0.0', 3], ['ff00::', 8]
])

/** Private networks (RFC 1918, RFC 4193, RFC 6598), and those that IPv4 is reached through. */
const PRIVATE = listOf([
  ['10.0.0.0', 8], ['172.16.0.0', 12], ['192.168.0.0', 16], ['100.64.0.0', 10], ['192.0.0.0', 24], ['198.18.0.0', 15], ['fc00::', 7], ['fec0::', 10],
  ['::', 96], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['2002::', 16]
])

/**
 * @example
 * addressKind('127.0.0.1') // 'loopback'
 * addressKind('169.254.169.254') // 'forbidden'
 */
export function addressKind (address: string): AddressKind {
  // A scope (`fe80::1%eth0`) is no part of the address; IPv4 inside IPv6 is compared by the rules of IPv4.
  const [plain = address] = address.split('%', 1)
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4'
  if (isIP(plain) === 0) return 'forbidden'
  if (LOOPBACK.check(plain, family)) return 'loopback'
  if (FORBIDDEN.check(plain, family)) return 'forbidden'
  return PRIVATE.check(plain, family) ? 'private' : 'public'
}

function listOf (subnets: readonly Subnet[]): BlockList {
  const list = new BlockList()
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, isIP(net) === 6 ? 'ipv6' : 'ipv4')
  return list
}
