import type { Diagnostic } from '../../lib/diagnostic.ts'
import type { ReloadResult, RouteInfo } from '../../lib/mock.ts'
import type { LogEntry } from '../../lib/request-log.ts'

/** What is told once, when the server answers. */
export interface Listening {
  /** Where the mocked API is, prefix included, without a slash at its end. */
  url: string
  /** The same as others reach it; empty when they cannot, or when `url` says it. */
  network: readonly string[]
  /** Where mock control is; undefined when it is off. */
  control: string | undefined
  /** Made for this run: nobody knows it yet. */
  madeToken: string | undefined
  host: string
  port: number
  routes: readonly RouteInfo[]
  /** How many webhooks can be triggered. */
  webhooks: number
  /** What the run is drawn from: configured, or drawn itself at the start. */
  seed: number | string
  isSeedDrawn: boolean
  /** The profile in use. */
  profile: string | undefined
  /** Absolute paths. */
  files: readonly string[]
  isDemo: boolean
  watching: boolean
  warnings: readonly Diagnostic[]
}

/** Tells what happens while the server runs: in lines for people, or in lines of JSON for machines. */
export interface Report {
  listening (listening: Listening): Promise<void> | void
  request (entry: LogEntry): void
  reloaded (result: ReloadResult): Promise<void> | void
  reloadFailed (error: Error): Promise<void> | void
  /** Anything else: what the server itself logs. */
  notice (level: string, message: string, details: Readonly<Record<string, unknown>>): void
  stopping (signal: string): void
  stopped (drained: boolean): void
}
