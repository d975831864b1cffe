import { Type, type Static } from 'typebox'
import { behaviour } from './behaviour.ts'
import { fronts } from './caching.ts'
import { strict } from './json-schema.ts'
import { limits } from './rate-limit.ts'

export const Tag = Type.Object({
  description: Type.Optional(Type.String({ description: 'A note for people.' })),
  ...behaviour,
  ...fronts,
  ...limits
}, { ...strict, description: 'How endpoints of one tag behave that do not say so themselves; it comes before `defaults`. Of several tags of an endpoint, the first that says something counts.' })
export type Tag = Static<typeof Tag>

/** Referred to, and not repeated, where it stands several times. */
export const Behaviour = Type.Object({ ...behaviour, ...fronts, ...limits }, { ...strict, title: 'Behaviour' })
/** How something behaves: latency, failures and the like, as they stand on an endpoint. */
export type Behaviour = Static<typeof Behaviour>

const BehaviourRef = Type.Unsafe<Behaviour>({ $ref: '#/$defs/Behaviour' })
const Name = Type.String({ minLength: 1 })

export const Profile = Type.Object({
  description: Type.Optional(Type.String({ description: 'A note for people.' })),
  extends: Type.Optional(Type.Union([Name, Type.Array(Name)], { description: 'Profiles that it builds on, built-in ones among them; of several, a later one counts before an earlier.' })),
  situation: Type.Optional(Type.String({ minLength: 1, description: 'One of the `situations`, which is in force with the profile.' })),
  ...behaviour,
  ...fronts,
  ...limits,
  tags: Type.Optional(Type.Record(Type.String(), BehaviourRef, { description: 'The same for the endpoints of a tag, by its name.' })),
  endpoints: Type.Optional(Type.Record(Type.String(), BehaviourRef, { description: 'The same for single endpoints, by their ids: `POST /orders`.' }))
}, { ...strict, description: 'How the server behaves while the profile is in use: what it says takes the place of what endpoints, tags and defaults say (docs/profiles.md).' })
export type Profile = Static<typeof Profile>

/** Keys of the configuration about how groups of endpoints behave, and all of them for a while. */
export const groups = {
  tags: Type.Optional(Type.Record(Type.String(), Tag, { description: 'Behaviour of the endpoints of a tag, by its name (docs/profiles.md).' })),
  profiles: Type.Optional(Type.Record(Type.String(), Profile, {
    description: 'Ways to behave that are switched while it runs, by name. Built in: `none`, `slow-3g`, `fast-3g`, `4g`, `flaky`, `degraded`, `offline`, `rate-limited`; ' +
      'one of the same name takes the place of it.'
  })),
  profile: Type.Optional(Type.String({ minLength: 1, description: 'The profile that is in use at the start. Default: `none`.' })),
  profile_header: Type.Optional(Type.Union([Type.Literal(false), Type.String({ pattern: '^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$', patternErrorMessage: 'the name of a header' })], {
    description: 'Header by which a request chooses a profile for itself, or `false` for none. Default: x-mock-profile.'
  }))
}
