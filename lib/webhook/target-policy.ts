import { BlockList, isIP } from 'node:net'
import { addressKind } from './address-kind.ts'

/** Where a delivery is to go. */
export interface Target {
  /** Without brackets and in lower case. */
  hostname: string
  port: number
  /** The configuration, or whoever controls the mock, named the host; else a request or a document did. */
  isTrusted: boolean
}

/** Says why an address must not be called; undefined when it may. */
export type TargetPolicy = (address: string, target: Target) => string | undefined

/** An entry of `deliveries.allow` that makes no sense. */
class AllowError extends Error {
  override name = 'AllowError'
}

/**
 * Compiles `deliveries.allow`. This machine may always be called, and never what only machines of a cloud should see; what lies
 * between has to be allowed, unless the configuration names the host itself: a request must not make the mock its way into a
 * network that it cannot reach by itself.
 *
 * @throws AllowError
 */
export function targetPolicy (allow: readonly string[] = []): TargetPolicy {
  const entries = allow.map(compileEntry)
  return (address, target) => {
    const kind = addressKind(address)
    if (kind === 'forbidden') return `${describe(address, target)} is never called: it is a link-local address, or one at which clouds keep secrets`
    if (kind === 'loopback' || target.isTrusted || entries.some(allows => allows(address, target, kind))) return undefined
    return `${describe(address, target)} is ${kind === 'private' ? 'in a private network' : 'a public address'}, and your configuration does not name it; add '${target.hostname}'${kind === 'private' ? " or 'private'" : ''} to deliveries.allow to have it called`
  }
}

type Allows = (address: string, target: Target, kind: string) => boolean

function compileEntry (entry: string): Allows {
  if (entry === 'any' || entry === '*') return () => true
  if (entry === 'private') return (_address, _target, kind) => kind === 'private'
  const [net = '', prefix] = entry.split('/')
  if (isIP(net) !== 0) return inNetwork(entry, net, prefix)
  const [, wanted, port] = /^(?:https?:\/\/)?([\w.*-]+?)(?::(\d+))?\/?$/.exec(entry.toLowerCase()) ?? []
  if (wanted === undefined) throw new AllowError(`'${entry}' is neither 'private', 'any', an address, a range (10.1.0.0/16) nor a host name (*.example.com, host:8080)`)
  const fits = wanted.startsWith('*.') ? (name: string) => name.endsWith(wanted.slice(1)) : (name: string) => name === wanted
  return (_address, target) => fits(target.hostname) && (port === undefined || target.port === Number(port))
}

function inNetwork (entry: string, net: string, prefix: string | undefined): Allows {
  const family = isIP(net) === 6 ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  try {
    if (prefix === undefined) list.addAddress(net, family)
    else list.addSubnet(net, Number(prefix), family)
  } catch (cause) {
    throw new AllowError(`'${entry}' is no range of addresses`, { cause })
  }
  return address => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

const describe = (address: string, { hostname }: Target): string => hostname === address ? address : `${hostname} (${address})`
