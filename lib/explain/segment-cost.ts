import { distance } from 'fastest-levenshtein'
import type { PatternSegment } from './path-pattern.ts'
import { letters, unshared, type Letters } from './letters.ts'

/**
 * What each difference between two paths costs: how unlikely it is to be the mistake that somebody made. A segment that is
 * another word altogether costs 1. Only the order of the sums matters.
 */
export const COST = {
  parameter: 0.01,
  shape: 0.02,
  wildcard: 0.05,
  case: 0.1,
  trailingSlash: 0.1,
  /** A misspelt word: this, and as much again for each share of its letters that differs. */
  misspelt: 0.2,
  otherWord: 1,
  /** A segment missing or too many in front: a base path. */
  front: 0.45,
  /** A segment missing or too many elsewhere. */
  gap: 0.7,
  noValue: 0.4,
  noRest: 0.3,
  misshapen: 0.3,
  method: 0.25,
  match: 0.2,
  disabled: 0.1,
  /** None of its answers may be given: this, and as much again for the share of what it asks for that is not there. */
  when: 0.12
} as const

/** A word is misspelt when at least half of its letters stand; else it is another word. */
const MOST_EDITS = 0.5

/** Longer words are compared by their beginning: the time grows with the square. */
const COMPARED = 64

/** A word as it is compared. */
export interface Word {
  readonly text: string
  /** In lower case, and no longer than is compared. */
  readonly lower: string
  readonly letters: Letters
}

export function toWord (text: string): Word {
  const lower = text.slice(0, COMPARED).toLowerCase()
  return { text, lower, letters: letters(lower) }
}

/** What it costs to take the request's segment for the pattern's. */
export function segmentCost (segment: PatternSegment, asked: Word): number {
  switch (segment.kind) {
    case 'literal': return wordCost(segment, asked)
    case 'parameter': return asked.text === '' ? COST.noValue : COST.parameter
    case 'shaped': return asked.text === '' ? COST.noValue : COST.shape
    case 'wildcard': return asked.text.startsWith(segment.text) ? COST.wildcard : COST.otherWord
  }
}

/** What it costs to leave the pattern's segment out. */
export function missingCost (segment: PatternSegment): number {
  switch (segment.kind) {
    case 'literal': return COST.gap
    case 'wildcard': return COST.noRest
    default: return COST.noValue
  }
}

function wordCost (word: Word, asked: Word): number {
  if (word.text === asked.text) return 0
  const longer = Math.max(word.lower.length, asked.lower.length)
  const most = Math.floor(longer * MOST_EDITS)
  // Most words are told apart by their lengths and letters alone.
  if (Math.abs(word.lower.length - asked.lower.length) > most || unshared(word.letters, asked.letters) > most) return COST.otherWord
  if (word.lower === asked.lower) return word.text.toLowerCase() === asked.text.toLowerCase() ? COST.case : COST.misspelt
  const edits = distance(word.lower, asked.lower)
  return edits > most ? COST.otherWord : COST.misspelt + (1 - COST.misspelt) * (edits / longer)
}

/** Whether a literal and the request's segment are the same word, give or take its spelling. */
export const isSameWord = (segment: PatternSegment, asked: Word): boolean =>
  segment.kind === 'literal' && wordCost(segment, asked) < COST.otherWord
