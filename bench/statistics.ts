/** The value below which this share of the numbers lies, interpolated between the nearest two. */
export function quantile (numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)] ?? NaN
  const high = sorted[Math.ceil(at)] ?? NaN
  return low + (high - low) * (at - Math.floor(at))
}

export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5)

/** Median and quartiles: `0.94 (0.91–0.96)`. */
export function spread (numbers: readonly number[], digits = 2): string {
  return `${number(median(numbers), digits)} (${number(quantile(numbers, 0.25), digits)}–${number(quantile(numbers, 0.75), digits)})`
}

/** With thousands separated, for people. */
export function number (value: number, digits = 0): string {
  return value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

export const mebibytes = (bytes: number): string => `${number(bytes / 1024 / 1024, Math.abs(bytes) < 10 * 1024 * 1024 ? 1 : 0)} MiB`
