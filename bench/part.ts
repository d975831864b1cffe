/** What a part of the benchmarks hands in, for the report. */
export interface Section {
  title: string
  /** Paragraphs before the tables: what was done, and how it was counted. */
  text: string[]
  tables: Table[]
  targets: Target[]
}

export interface Table {
  head: string[]
  rows: string[][]
}

/** What we hold ourselves to. */
export interface Target {
  what: string
  target: string
  measured: string
  isMet: boolean
}

export interface PartOptions {
  /** Short rounds and fewer of them: to try the benchmarks, not to quote them. */
  quick: boolean
  /** Tells how far it is. */
  progress: (message: string) => void
}

export type Part = (options: PartOptions) => Promise<Section>

export const atLeast = (what: string, bound: number, measured: number, digits = 2): Target =>
  ({ what, target: `at least ${bound}`, measured: measured.toFixed(digits), isMet: measured >= bound })

export const atMost = (what: string, bound: number, measured: number, unit = '', digits = 1): Target =>
  ({ what, target: `at most ${bound}${unit}`, measured: `${measured.toFixed(digits)}${unit}`, isMet: measured <= bound })
