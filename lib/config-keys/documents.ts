import { Type, type Static } from 'typebox'
import { strict } from './json-schema.ts'

export const References = Type.Object({
  folder: Type.Optional(Type.String({ description: 'Folder whose files they may refer to besides those of their own folder, relative to this file. Default: none.' })),
  origins: Type.Optional(Type.Array(Type.String({ pattern: '^https?://[^/]+/?$', patternErrorMessage: 'an origin, as in https://schemas.example.com' }), {
    description: 'Web servers that they may refer to, `https://schemas.example.com`. Default: none.'
  })),
  private_networks: Type.Optional(Type.Boolean({ description: 'Whether those servers may be in private networks, this machine among them. Default: false.' })),
  headers: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Type.String()), {
    description: 'Request headers by origin, and sent to no other: `{"https://schemas.example.com": {"authorization": "Bearer …"}}`. Secrets can come from the environment.'
  })),
  cache: Type.Optional(Type.String({ description: 'Folder for copies of what is read from the web, relative to this file; they are used when the web cannot be reached. Default: no copies.' })),
  timeout_ms: Type.Optional(Type.Integer({ minimum: 1, description: 'How long an answer of the web may take. Default: 10000.' })),
  max_bytes: Type.Optional(Type.Integer({ minimum: 1, description: 'Largest single text. Default: 67108864 (64 MiB).' }))
}, { ...strict, description: 'What the OpenAPI documents that this file includes may refer to.' })
export type References = Static<typeof References>

export const Documents = Type.Object({
  base_path: Type.Optional(Type.Union([Type.Literal('keep'), Type.Literal('strip'), Type.Literal('both')], {
    description: "Whether paths are served below the servers' own path (`keep`), without it (`strip`), or in both ways. Default: both."
  })),
  examples: Type.Optional(Type.Union([Type.Literal('keep'), Type.Literal('generate-broken')], {
    description: 'What becomes of examples that do not fit their schema: `generate-broken` has bodies generated in their stead, which takes longer to start. Default: keep.'
  })),
  overlays: Type.Optional(Type.Array(Type.String({ minLength: 1 }), {
    description: 'OpenAPI overlays that change them before they are read, in this order; paths relative to this file. Those of an including file come after.'
  }))
}, { ...strict, description: 'How the OpenAPI documents that this file includes are read.' })
export type Documents = Static<typeof Documents>
