import type { Config, Defaults, Endpoint } from '../config.ts'
import type { Place } from './place.ts'
import type { Entry } from './together-rules.ts'

/** One configuration among those that are merged: a file, or what was given in code. */
export interface Unit {
  /** Absolute; absent for code. */
  file?: string
  /** Absolute: what its `include` and its `file` bodies are relative to. */
  folder: string
  place: Place
  config: Config
  /** Those of its endpoints that are sound. */
  entries: readonly Entry[]
  /** Its own over those of the files that include it. */
  defaults: Defaults | undefined
  /** Made from an OpenAPI document: what people wrote takes precedence over it. */
  imported: boolean
}

/** An endpoint on its way into the merged configuration. */
export interface Member extends Entry {
  unit: Unit
  /** As its file has it, before defaults. */
  written: Endpoint
}
