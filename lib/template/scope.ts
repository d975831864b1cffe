import type { TemplateContext } from './context.ts'
import { TemplateRenderError, type Place } from './error.ts'
import type { TemplateLimits } from './limits.ts'

/** One rendering. */
export interface Run {
  readonly context: TemplateContext
  readonly limits: TemplateLimits
  /** Rounds that its loops have taken so far. */
  rounds: number
}

/** The `@` variables of a loop or block. */
export interface Frame {
  readonly parent: Frame | undefined
  readonly index?: number
  readonly key?: string | number
  readonly first?: boolean
  readonly last?: boolean
  readonly total?: number
  readonly extra?: Readonly<Record<string, unknown>>
  readonly choice?: Choice
}

/** A `{{#switch}}` that looks for its case. */
export interface Choice {
  readonly subject: unknown
  made: boolean
}

/** Block parameters, `as |item index|`. */
export interface Locals {
  readonly parent: Locals | undefined
  readonly names: readonly string[]
  readonly values: readonly unknown[]
}

/** Where an expression is evaluated. */
export interface Scope {
  readonly run: Run
  /** `this`; at the top it is looked up by name and never built. */
  readonly self: unknown
  /** What `../` leads to; undefined at the top. */
  readonly up: Scope | undefined
  readonly frame: Frame | undefined
  readonly locals: Locals | undefined
}

export type Evaluate = (scope: Scope) => unknown
export type Renderer = (scope: Scope) => string

export function topScope (context: TemplateContext, limits: TemplateLimits): Scope {
  return { run: { context, limits, rounds: 0 }, self: undefined, up: undefined, frame: undefined, locals: undefined }
}

/** Counts one round of a loop. */
export function countRound (scope: Scope, place: Place): void {
  if (++scope.run.rounds > scope.run.limits.rounds) {
    throw new TemplateRenderError({ message: `loops take more than ${scope.run.limits.rounds} rounds` }, place)
  }
}

/** Refuses text that has grown too long. */
export function checkOutput (scope: Scope, length: number, place: Place): void {
  if (length > scope.run.limits.output) {
    throw new TemplateRenderError({ message: `output is longer than ${scope.run.limits.output} characters` }, place)
  }
}
