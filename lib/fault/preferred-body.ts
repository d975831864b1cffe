import type { Answer } from '../answer.ts'
import type { TemplateContext } from '../template/context.ts'

/** The body of an answer that is not sent the usual way, since its request prefers a fault; what is made of rows or is a file has none. */
export function preferredBody ({ body }: Answer, context: TemplateContext): string | Buffer | undefined {
  switch (body?.kind) {
    case 'constant': return body.payload
    case 'templated': return body.render(context)
    case 'lazy': return body.make?.(context).payload ?? body.payload()
    default: return undefined
  }
}
