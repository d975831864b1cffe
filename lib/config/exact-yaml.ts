import { CORE_SCHEMA, defineScalarTag, floatCoreTag, intCoreTag, NOT_RESOLVED, type Schema } from 'js-yaml'
import { losesDigits, markDigits, mayLoseDigits } from '../exact-numbers.ts'

/**
 * The schema of YAML 1.2 for a text. In a text with long numbers, those that would lose digits come as marks, to be made numbers
 * of by `unmark`.
 */
export const exactSchema = (text: string): Schema => mayLoseDigits(text) ? EXACT : CORE_SCHEMA

const EXACT = CORE_SCHEMA.withTags(...[intCoreTag, floatCoreTag].map(tag => defineScalarTag(tag.tagName, {
  implicit: true,
  // For reading only.
  identify: () => false,
  implicitFirstChars: tag.implicitFirstChars ?? undefined,
  resolve (source: string, isExplicit: boolean, tagName: string) {
    const value: unknown = tag.resolve(source, isExplicit, tagName)
    return value !== NOT_RESOLVED && /^[+-]?[\d._]+(?:e[+-]?\d+)?$/i.test(source) && losesDigits(source) ? markDigits(source) : value
  }
})))
