import Fastify from 'fastify'
import process from 'node:process'
import mockPlugin from '../plugins/mock.ts'

/** What `persistence.test.ts` kills: a whole server. It tells its address, and answers a write once that is on the disk. */
const [, , cwd = '.'] = process.argv
const app = Fastify()
await app.register(mockPlugin, {
  cwd,
  persist: { folder: 'state', fsync: 'always' },
  collections: { users: [] },
  endpoints: [{ path: '/users', method: 'POST', status: 201, response: "{{insert 'users' request.body}}" }]
})
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`)
