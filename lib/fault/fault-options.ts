import type { FaultOptions, Response } from '../config.ts'
import type { Occurrence } from '../config-keys/injection.ts'

/** What an answer's faults are made of. */
export interface WrittenFault {
  readonly fault: FaultOptions
  /** Which requests are struck. */
  readonly occurrence: Occurrence
  /** Whether it stands on the answer itself, and not on its endpoint. */
  readonly isOwn: boolean
}

type Faulty = Pick<Response, 'fault'>

/** What goes wrong with an answer; undefined where nothing does. What stands on the answer comes before what stands on its endpoint. */
export function faultOptions (answer: Faulty, endpoint: Faulty): WrittenFault | undefined {
  const written = answer.fault ?? endpoint.fault ?? false
  if (written === false) return undefined
  const fault = typeof written === 'string' ? { kind: written } : written
  return { fault, occurrence: fault, isOwn: answer !== endpoint && answer.fault !== undefined }
}
