/** The part of randexp 0.6 that is used here; the package carries no types. */
declare module 'randexp' {
  export default class RandExp {
    constructor (pattern: RegExp | string, flags?: string)
    /** Upper bound of `*`, `+` and `{n,}`. */
    max: number
    randInt: (from: number, to: number) => number
    gen (): string
  }
}
