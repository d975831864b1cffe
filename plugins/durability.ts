import fp from 'fastify-plugin'
import type { Store } from '../lib/store.ts'

export interface DurabilityOptions {
  store: Store
}

/**
 * With `persist: {fsync: always}`, no answer leaves before what it could have seen is on the disk: what the request wrote itself, and
 * what others wrote before. Many wait for one turn of the disk together.
 */
export default fp<DurabilityOptions>(async (fastify, { store }) => {
  fastify.addHook('onSend', async () => {
    const { kept } = store
    if (kept?.isStrict === true && kept.isPending) await kept.flushed()
  })
}, { name: 'mock-durability', fastify: '5.x' })
