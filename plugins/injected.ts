import fp from 'fastify-plugin'
import type { FastifyReply } from 'fastify'
import type { Injected } from '../lib/injection/injected.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Takes note of what is done to the request on purpose: for the log, and in `x-mock-injected`, unless the configuration turns that off. */
    markInjected<Key extends keyof Injected> (key: Key, value: NonNullable<Injected[Key]>): void
  }
}

export interface InjectedOptions {
  /** Whether the answer says it. */
  header: boolean
}

/** Marks what is done to requests on purpose, so that nobody takes it for a mistake. */
export default fp<InjectedOptions>(async (fastify, { header }) => {
  fastify.decorateReply('markInjected', function (this: FastifyReply, key, value) {
    const { exchange } = this.request
    if (exchange !== null) exchange.injected = { ...exchange.injected, [key]: value }
    if (header) this.header('x-mock-injected', withMark(this.getHeader('x-mock-injected'), key, value))
  })
}, { name: 'mock-injected', fastify: '5.x', dependencies: ['mock-exchange'] })

/** A list of what was done (RFC 9651, section 3.1): `failure`, `fault;kind=truncate`. */
function withMark (marks: unknown, key: keyof Injected, value: string | number): string {
  const mark = key === 'fault' ? `fault;kind=${value}` : key
  return marks === undefined ? mark : `${String(marks)}, ${mark}`
}
