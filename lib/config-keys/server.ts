import { Type, type Static } from 'typebox'
import { strict } from './json-schema.ts'

export const LogOptions = Type.Object({
  max_entries: Type.Optional(Type.Integer({ minimum: 0, description: 'How many requests are kept. Default: 1000; 0 turns the log off.' })),
  max_bytes: Type.Optional(Type.Integer({ minimum: 0, description: 'How many bytes all entries together may take. Default: 33554432 (32 MiB).' })),
  max_body_bytes: Type.Optional(Type.Integer({ minimum: 0, description: 'Longer bodies are cut here, and marked so. Default: 65536 (64 KiB).' }))
}, { ...strict, description: 'Bounds of the request log.' })
export type LogOptions = Static<typeof LogOptions>

export const ControlOptions = Type.Object({
  path: Type.Optional(Type.String({ pattern: '^/', patternErrorMessage: 'a path that starts with /', description: 'Where mock control lives. Default: /__mock.' })),
  token: Type.Optional(Type.String({ minLength: 1, description: 'Bearer token that control requests must carry. Default: none on loopback addresses; made at start elsewhere.' })),
  allowed_hosts: Type.Optional(Type.Array(Type.String(), { description: 'Host names, besides loopback ones, by which control may be addressed (DNS rebinding).' }))
}, { ...strict, description: 'Mock control: the REST API below `/__mock/api`, `/__reload` and `/__logs`.' })
export type ControlOptions = Static<typeof ControlOptions>
