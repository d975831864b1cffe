import { exactInteger } from './exact-integers.ts'
import type { Restoration } from './restoration.ts'
import { isUploadedFile, validatedAs } from './uploaded-file.ts'

/**
 * Makes a decoded form or XML document fit for validation, in place: files become strings. What to put back includes integers
 * of more digits than a number holds, because validation makes numbers of their text.
 *
 * @param root object that is going to hold the value as its `body`; a body is never a file itself
 */
export function standIns (body: unknown, root: object): Restoration[] {
  const restorations: Restoration[] = []
  const visit = (holder: object): void => {
    for (const [key, value] of Object.entries(holder)) replace(holder, key, value)
  }
  const replace = (holder: object, key: string, value: unknown): void => {
    if (isUploadedFile(value)) {
      restorations.push({ holder, key, value })
      Reflect.set(holder, key, validatedAs(value))
    } else if (typeof value === 'string') {
      const exact = exactInteger(value)
      if (exact !== undefined) restorations.push({ holder, key, value: exact })
    } else if (typeof value === 'object' && value !== null) visit(value)
  }
  replace(root, 'body', body)
  return restorations
}
