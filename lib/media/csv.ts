import { isObject } from '../schema/subschemas.ts'
import { stringifyJson } from '../stringify-json.ts'

/**
 * A table (RFC 4180) of objects, with their keys as the header; of lists, without one.
 *
 * @example
 * writeCsv([{ id: 1, name: 'a, b' }]) // 'id,name\r\n1,"a, b"\r\n'
 */
export function writeCsv (rows: readonly unknown[]): string {
  const objects = rows.filter(isObject)
  if (objects.length === 0) return rows.map(row => line([row].flat())).join('')
  const columns = [...new Set(objects.flatMap(row => Object.keys(row)))]
  return line(columns) + objects.map(row => line(columns.map(column => row[column]))).join('')
}

const line = (cells: readonly unknown[]): string => `${cells.map(cell).join(',')}\r\n`

function cell (value: unknown): string {
  const text = value === undefined || value === null ? '' : typeof value === 'object' ? stringifyJson(value) : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
