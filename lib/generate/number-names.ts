import type { Random } from '../random.ts'
import { momentFor, namesMoment } from './moments.ts'
import { createLookUp } from './words.ts'

/** Usual bounds, and how many decimals. */
type Range = readonly [min: number, max: number, decimals: number]

const usual = createLookUp<Range>({
  id: [1, 100_000, 0],
  'price amount cost fee subtotal total balance tax revenue salary total_price unit_price amount_due amount_paid': [1, 500, 2],
  'discount percent percentage': [0, 100, 0],
  'rate ratio score probability confidence': [0, 1, 2],
  rating: [1, 5, 1],
  stars: [1, 5, 0],
  age: [18, 80, 0],
  'quantity qty stock inventory': [1, 100, 0],
  'count number_of size_count total_count followers following likes comments views watchers forks open_issues': [0, 500, 0],
  'page page_number current_page': [1, 10, 0],
  'per_page page_size limit': [10, 50, 0],
  'offset skip': [0, 0, 0],
  'total_pages pages': [1, 20, 0],
  'latitude lat': [-90, 90, 5],
  'longitude lng lon long': [-180, 180, 5],
  year: [2015, 2025, 0],
  month: [1, 12, 0],
  day: [1, 28, 0],
  hour: [0, 23, 0],
  'minute second': [0, 59, 0],
  'weight mass': [1, 100, 1],
  'width height': [100, 2000, 0],
  'length depth distance': [1, 100, 1],
  temperature: [-10, 35, 1],
  port: [1024, 65_535, 0],
  'size bytes file_size': [1000, 5_000_000, 0],
  'duration seconds ttl timeout expires_in': [60, 3600, 0],
  'priority position rank order sequence': [1, 10, 0],
  version: [1, 20, 0],
  'status status_code http_status': [200, 200, 0],
  zip: [10_000, 99_999, 0]
})

const ANY: Range = [1, 1000, 0]
const ANY_FRACTION: Range = [0, 1000, 2]

/** The usual range of a number with this name; a moment is in seconds since 1970. */
export function rangeByName (key: string, whole: boolean, random: Random): Range {
  const found = usual(key)
  if (found !== undefined) return found
  if (whole && namesMoment(key)) {
    const seconds = momentFor(key, random) / 1000
    return [seconds, seconds, 0]
  }
  return whole ? ANY : ANY_FRACTION
}
