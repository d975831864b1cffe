import type { HelperTable } from '../helper.ts'
import type { TemplateLimits } from '../limits.ts'
import { arrayHelpers } from './arrays.ts'
import { dateHelpers } from './dates.ts'
import { encodingHelpers } from './encoding.ts'
import { fakerHelpers } from './faker.ts'
import { logicHelpers } from './logic.ts'
import { numberHelpers } from './numbers.ts'
import { objectHelpers } from './objects.ts'
import { patternHelpers } from './patterns.ts'
import { randomHelpers } from './random.ts'
import { requestHelpers } from './request.ts'
import { runtimeHelpers } from './runtime.ts'
import { stateHelpers } from './state.ts'
import { stringHelpers } from './strings.ts'

/** All helpers that are there without asking. */
export function builtInHelpers (locale: string, limits: TemplateLimits): HelperTable {
  return {
    ...requestHelpers,
    ...runtimeHelpers,
    ...stringHelpers(limits),
    ...numberHelpers,
    ...logicHelpers,
    ...arrayHelpers(limits),
    ...objectHelpers,
    ...dateHelpers,
    ...randomHelpers(limits),
    ...fakerHelpers(locale),
    ...encodingHelpers,
    ...patternHelpers(limits),
    ...stateHelpers
  }
}
