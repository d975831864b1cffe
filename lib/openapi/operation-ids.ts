import { textAt } from './json-object.ts'
import type { OperationIds } from './links.ts'
import { operationName } from './operation-name.ts'
import type { Operation } from './operations.ts'

/** The ids of the endpoints that operations become. */
export interface OperationNames extends OperationIds {
  /** Gives each of the served operations its id; `all` are those of the document. */
  give (served: readonly Operation[], all: readonly Operation[]): void
  of (operation: Operation): string
}

/** Ids: the document's own where it is the only one of that name, else made of method and path. */
export function createOperationNames (warn: (code: string, pointer: string, message: string) => void): OperationNames {
  const byName = new Map<string, string>()
  const byPointer = new Map<string, string>()
  const ids = new Map<Operation, string>()
  return {
    byName: operationId => byName.get(operationId),
    byPointer: pointer => byPointer.get(pointer),
    of: operation => ids.get(operation) ?? operationName(operation.method, operation.path),
    give (served, all) {
      const taken = new Set(all.flatMap(({ operation: { value } }) => textAt(value, 'operationId') ?? []))
      for (const operation of served) {
        const { method, path, operation: { value, pointer } } = operation
        const own = textAt(value, 'operationId')
        let id = own
        if (id === undefined || byName.has(id)) {
          const name = operationName(method, path)
          id = name
          for (let count = 2; taken.has(id); count++) id = `${name}_${count}`
          taken.add(id)
          if (own !== undefined) warn('duplicate-operation-id', pointer, `operationId '${own}' is taken: ${method.toUpperCase()} ${path} is called ${id}`)
        } else byName.set(id, id)
        ids.set(operation, id)
        if (!byPointer.has(pointer)) byPointer.set(pointer, id)
      }
    }
  }
}
