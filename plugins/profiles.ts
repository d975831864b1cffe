import type { IncomingMessage } from 'node:http'
import type { Config } from '../lib/config.ts'
import { parsePrefer } from '../lib/prefer.ts'
import { unknownProfile } from '../lib/profile/active-profile.ts'
import { NO_PROFILE } from '../lib/profile/built-in-profiles.ts'
import { profileOf, resolveProfile, type ResolvedProfile } from '../lib/profile/resolve-profile.ts'
import type { Store } from '../lib/store.ts'
import type { Generation } from './live.ts'

export interface ProfileTableOptions {
  /** The generation that serves the configuration as it is. */
  current: () => Generation
  config: () => Config
  /** The root's. */
  store: Store
  /** Builds the live configuration as a profile has it. Rejects with MOCK_ERR_CONFIG_INVALID. */
  build: (profile: ResolvedProfile) => Promise<Generation>
  /** Lets a generation go, once its requests are through. */
  retire: (generation: Generation) => void
}

/** So many profiles are kept beside the configuration; the one that was not asked for the longest makes room. */
const KEPT = 8
const DEFAULT_HEADER = 'x-mock-profile'

/** A request that names a profile that there is not. */
export class ProfileRefusal extends Error {
  readonly profile: string
  constructor (profile: string, cause: Error) {
    super(cause.message, { cause })
    this.profile = profile
  }
}

/**
 * Holds the generations that serve profiles. Each is built from the live configuration when it is first asked for, and goes with it; their
 * state is the same, for it is in the stores, by the ids of endpoints.
 */
export function createProfileTable ({ current, config, store, build, retire }: ProfileTableOptions) {
  const built = new Map<string, { generation: Generation | undefined, building: Promise<unknown> }>()
  let owner: Generation | undefined
  let header: string | undefined = DEFAULT_HEADER

  /** The one that a request asks for, by its own header or by RFC 7240. */
  function named ({ headers }: IncomingMessage): string | undefined {
    const own = header === undefined ? undefined : headers[header]
    if (own !== undefined) return String(own)
    // A list, where it was sent several times, is one text with commas.
    const prefer = headers.prefer?.toString()
    return prefer?.includes('profile') === true ? parsePrefer(prefer).get('profile') : undefined
  }

  function drop (): void {
    for (const { generation, building } of built.values()) {
      if (generation !== undefined) retire(generation)
      else building.catch(() => {})
    }
    built.clear()
  }

  function keep (name: string, profile: ResolvedProfile): Promise<unknown> {
    const mine = current()
    const entry: { generation: Generation | undefined, building: Promise<unknown> } = { generation: undefined, building: Promise.resolve() }
    built.set(name, entry)
    entry.building = build(profile).then(generation => {
      if (built.get(name) !== entry || current() !== mine) return retire(generation)
      entry.generation = generation
      makeRoom()
    }, error => {
      if (built.get(name) === entry) built.delete(name)
      throw error
    })
    return entry.building
  }

  function makeRoom (): void {
    for (const [name, { generation }] of built) {
      if (built.size <= KEPT) return
      if (generation === undefined) continue
      built.delete(name)
      retire(generation)
    }
  }

  /** The generation that serves a profile, at once where it is there; the configuration as it is, where there is no such profile any more. */
  function generationOf (name: string): Generation | Promise<Generation> {
    if (owner !== current()) {
      drop()
      owner = current()
    }
    const known = built.get(name)
    if (known?.generation !== undefined) {
      // The last that was asked for is the last to make room.
      built.delete(name)
      built.set(name, known)
      return known.generation
    }
    const profile = known === undefined ? resolveProfile(config(), name) : undefined
    if (known === undefined && profile === undefined) return current()
    const building = known?.building ?? (profile === undefined ? undefined : keep(name, profile))
    // Another configuration may have gone live meanwhile.
    return Promise.resolve(building).then(() => generationOf(name))
  }

  return {
    /** Whether a request may be answered with a profile; asked of each that names no scope. */
    concerns: (raw: IncomingMessage): boolean =>
      (header !== undefined && raw.headers[header] !== undefined) || raw.headers.prefer?.includes('profile') === true || store.profiles.current !== undefined,
    /**
     * The profile that a request is answered with: its own, else that of its scope, else the server's.
     *
     * @param own the store of its scope
     * @throws ProfileRefusal
     */
    nameFor (raw: IncomingMessage, own: Store): string | undefined {
      const asked = named(raw)
      if (asked !== undefined && profileOf(config(), asked) === undefined) throw new ProfileRefusal(asked, unknownProfile(config(), asked))
      const name = asked ?? own.profiles.current
      return name === NO_PROFILE && !Object.hasOwn(config().profiles ?? {}, name) ? undefined : name
    },
    generationOf,
    /** Takes the configuration of another generation. */
    configure ({ loaded: { config: { profile_header: wanted = DEFAULT_HEADER } } }: Generation): void {
      drop()
      header = wanted === false ? undefined : wanted.toLowerCase()
    },
    /** Those that are built. */
    kept: (): string[] => [...built.keys()],
    async close (): Promise<void> {
      const all = [...built.values()]
      built.clear()
      await Promise.all(all.map(({ building }) => building.catch(() => {})))
      await Promise.all(all.map(({ generation }) => generation?.app.close()))
    }
  }
}

export type ProfileTable = ReturnType<typeof createProfileTable>
