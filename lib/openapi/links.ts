import type { Link } from '../config.ts'
import { child } from '../json-pointer.ts'
import { isObject, membersOf, objectAt, textAt } from './json-object.ts'
import type { ImportContext, Scope } from './scope.ts'

/** The endpoints that operations become: by their operationId, and by where they stand. */
export interface OperationIds {
  byName (operationId: string): string | undefined
  /** @param pointer JSON pointer to the operation */
  byPointer (pointer: string): string | undefined
}

/** The links of an answer (OpenAPI 3.1, section 4.8.20). One that leads to no operation of the document is taken down as a loss. */
export function linksOf ({ refs, operations }: ImportContext, declared: unknown, pointer: string, scope: Scope): Record<string, Link> | undefined {
  const links: Array<[string, Link]> = []
  for (const [name, link] of membersOf(declared)) {
    const at = child(pointer, name)
    const target = scope.follow(link, at)
    if (target === undefined || !isObject(target.value)) continue
    const { requestBody } = target.value
    const id = textAt(target.value, 'operationId')
    const ref = textAt(target.value, 'operationRef')
    const operation = id === undefined ? ref === undefined ? undefined : operations.byPointer(refs.find(ref)?.pointer ?? '') : operations.byName(id)
    if (operation === undefined) {
      scope.lose(at, `the link leads to no operation of this document: ${id ?? ref ?? 'it has neither operationId nor operationRef'}`)
      continue
    }
    const parameters = objectAt(target.value, 'parameters')
    const description = textAt(target.value, 'description')
    links.push([name, {
      operation,
      ...parameters !== undefined && { parameters },
      ...requestBody !== undefined && { request_body: requestBody },
      ...description !== undefined && { description }
    }])
  }
  return links.length === 0 ? undefined : Object.fromEntries(links)
}
