import type { ValidateMode } from './config.ts'

/** The lenient ones first. */
export const VALIDATE_MODES: readonly ValidateMode[] = ['off', 'warn', 'enforce']

/** The more lenient of two modes. */
export const lenienter = (one: ValidateMode, other: ValidateMode): ValidateMode =>
  VALIDATE_MODES.indexOf(one) < VALIDATE_MODES.indexOf(other) ? one : other
