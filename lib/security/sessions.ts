import { randomBytes } from 'node:crypto'

/** A login that a cookie tells of. */
export interface Session {
  readonly id: string
  /** The security scheme that it is of. */
  readonly scheme: string
  readonly claims: Readonly<Record<string, unknown>>
  /** What shows that a request was meant. */
  readonly csrf: string
  /** When it ends, in milliseconds since the epoch. */
  expires: number
}

/** The sessions of a scope. */
export interface Sessions {
  /** @param expires milliseconds since the epoch */
  create (scheme: string, claims: Session['claims'], expires: number): Session
  /** Undefined where there is none, or where it has ended. */
  find (scheme: string, id: string, now: number): Session | undefined
  destroy (id: string): void
  clear (): void
}

/** So many are remembered; the oldest make room. */
const MOST = 10_000

export function createSessions (): Sessions {
  const sessions = new Map<string, Session>()
  return {
    create (scheme, claims, expires) {
      const session = { id: randomBytes(18).toString('base64url'), scheme, claims, csrf: randomBytes(18).toString('base64url'), expires }
      sessions.set(session.id, session)
      for (const id of sessions.keys()) {
        if (sessions.size <= MOST) break
        sessions.delete(id)
      }
      return session
    },
    find (scheme, id, now) {
      const session = sessions.get(id)
      return session?.scheme === scheme && session.expires > now ? session : undefined
    },
    destroy: id => { sessions.delete(id) },
    clear: () => sessions.clear()
  }
}
