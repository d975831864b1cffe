import type { IncomingMessage } from 'node:http'

const kProfile = Symbol('mock.profile')

interface ProfiledRequest extends IncomingMessage {
  [kProfile]?: string
}

/** The profile that a raw request is answered with; undefined for none. */
export function requestProfile (raw: IncomingMessage): string | undefined {
  const profiled: ProfiledRequest = raw
  return profiled[kProfile]
}

export function setRequestProfile (raw: IncomingMessage, name: string): void {
  const profiled: ProfiledRequest = raw
  profiled[kProfile] = name
}
