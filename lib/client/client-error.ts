import type { Diagnostic } from '../diagnostic.ts'

/**
 * An error that mock control answered, or one of the way there. `code` and message are those of the same error in the server's process, and
 * `instanceof` the server's class holds.
 */
export class MockClientError extends Error {
  override readonly name: string = 'MockClientError'
  readonly code: string
  readonly statusCode: number | undefined
  /** What is wrong in a configuration. */
  readonly diagnostics?: readonly Diagnostic[]

  constructor (code: string, message: string, { statusCode, cause, diagnostics }: { statusCode?: number, cause?: unknown, diagnostics?: readonly Diagnostic[] } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.statusCode = statusCode
    if (diagnostics !== undefined) this.diagnostics = diagnostics
    // How @fastify/error tells its classes apart.
    Object.defineProperty(this, Symbol.for(`fastify-error ${code}`), { value: true })
  }
}

/** Nothing answers at the address. */
export class UnreachableError extends MockClientError {
  constructor (address = '', cause?: unknown) {
    super('MOCK_ERR_CLIENT_UNREACHABLE', `Nothing answers at ${address}${reasonOf(cause)}. Is the mock server running, and is this its address?`, { cause })
  }
}

/** Something answers, but it is no mock control. */
export class NoControlError extends MockClientError {
  constructor (address = '', status = 0) {
    super('MOCK_ERR_CLIENT_CONTROL', `What answers at ${address} (status ${status}) is not mock control. Look at the address with its prefix, at \`control.path\` (the option \`control\` of connect), and whether \`control\` is false in the configuration`, { statusCode: status })
  }
}

/** Mock control of a version that speaks otherwise. */
export class VersionError extends MockClientError {
  constructor (version = '', theirs = 0, ours = 0) {
    super('MOCK_ERR_CLIENT_VERSION', `The mock server (${version}) speaks version ${theirs} of mock control, and this client version ${ours}: install the same version of fastify-mock-server on both sides`)
  }
}

/** Node's fetch hides what happened in a cause, or in several. */
function reasonOf (cause: unknown): string {
  for (let error = cause, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth++) {
    if ('code' in error && typeof error.code === 'string') return ` (${error.code})`
  }
  return cause instanceof Error && cause.message !== '' ? ` (${cause.message})` : ''
}
