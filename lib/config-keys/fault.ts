import { Type, type Static } from 'typebox'
import { occurrence } from './injection.ts'
import { strict } from './json-schema.ts'

/** Faults by their own names. */
export const FAULT_KINDS = [
  'reset', 'empty', 'hang', 'random_data', 'malformed_chunk', 'bad_headers', 'header_overflow', 'truncate', 'close_mid_body',
  'content_length_long', 'content_length_short', 'bad_gzip', 'goaway', 'rst_stream', 'latency', 'bandwidth', 'slicer', 'slow_close'
] as const
export type FaultKind = typeof FAULT_KINDS[number]

/** The names that WireMock and Toxiproxy have for them, where they have others. */
export const FAULT_SYNONYMS = {
  CONNECTION_RESET_BY_PEER: 'reset',
  EMPTY_RESPONSE: 'empty',
  MALFORMED_RESPONSE_CHUNK: 'malformed_chunk',
  RANDOM_DATA_THEN_CLOSE: 'random_data',
  reset_peer: 'reset',
  timeout: 'hang',
  limit_data: 'truncate'
} as const satisfies Readonly<Record<string, FaultKind>>
export type FaultSynonym = keyof typeof FAULT_SYNONYMS

/** Error codes of HTTP/2 (RFC 9113, section 7), by number. */
export const HTTP2_CODES = [
  'NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'FLOW_CONTROL_ERROR', 'SETTINGS_TIMEOUT', 'STREAM_CLOSED', 'FRAME_SIZE_ERROR', 'REFUSED_STREAM',
  'CANCEL', 'COMPRESSION_ERROR', 'CONNECT_ERROR', 'ENHANCE_YOUR_CALM', 'INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED'
] as const
export type Http2Code = typeof HTTP2_CODES[number]

const literals = <const Values extends readonly string[]>(values: Values, options: object = {}) => Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...options })

const SYNONYMS: readonly string[] = Object.keys(FAULT_SYNONYMS)
const Kind = Type.Unsafe<FaultKind | FaultSynonym>({ type: 'string', enum: [...FAULT_KINDS, ...SYNONYMS] })

const Bytes = (description: string) => Type.Integer({ minimum: 0, description })
const Milliseconds = (description: string) => Type.Number({ minimum: 0, description })

export const FaultOptions = Type.Object({
  kind: Type.Union([Kind, Type.Array(Kind, { minItems: 1 }), Type.Record(Type.String(), Type.Number({ minimum: 0 }), { minProperties: 1 })], {
    description: 'What goes wrong: a fault, a list to pick from, or weights by fault: `{"reset": 3, "empty": 1}`.'
  }),
  after_ms: Type.Optional(Milliseconds('How long the request is left waiting before it is struck. Default: 0.')),
  after_bytes: Type.Optional(Bytes('How many bytes of the body are sent before it is struck; of `content_length_long` and `content_length_short`, how many the header is wrong by. ' +
    'Default: half of the body; none, of `reset`, `rst_stream` and `goaway`.')),
  for_ms: Type.Optional(Milliseconds('How long the connection is kept open, of `hang`, `content_length_long` and `slow_close`. Default: until the client gives up; 1000, of `slow_close`.')),
  code: Type.Optional(literals(HTTP2_CODES, { description: 'Error code of HTTP/2, of `goaway` and `rst_stream`. Default: INTERNAL_ERROR.' })),
  bytes_per_second: Type.Optional(Type.Integer({ minimum: 1, description: 'How fast the body is sent, of `bandwidth`. Default: 1024.' })),
  slice_bytes: Type.Optional(Type.Integer({ minimum: 1, description: 'How large the pieces are that the body is sent in, of `slicer`. Default: 64.' })),
  slice_ms: Type.Optional(Milliseconds('How long a piece waits for the one before, of `slicer`. Default: 10.')),
  ...occurrence
}, { ...strict, description: 'What goes wrong on the connection, and with which requests. All requests are struck unless one of `rate`, `every`, `first`, `skip`, `times`, `burst`, `schedule`, `when` says otherwise.' })
export type FaultOptions = Static<typeof FaultOptions>

export const Fault = Type.Union([Type.Literal(false), Kind, FaultOptions], {
  description: 'What goes wrong on the connection (docs/failures.md): a fault such as `reset`, `empty` or `truncate`, by name or with options; `false` for none, whatever the defaults say. ' +
    "WireMock's and Toxiproxy's names are understood."
})
export type Fault = Static<typeof Fault>
