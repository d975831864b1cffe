import type { AnswerTools } from '../answer.ts'
import type { EndpointSession } from '../config.ts'
import { isObject } from '../schema/subschemas.ts'
import type { TemplateContext } from '../template/context.ts'

/** A login: who wants to come in, with which password, and what else the session is to know. */
export interface Login {
  readonly username: (context: TemplateContext) => string
  readonly password: (context: TemplateContext) => string
  readonly claims: (context: TemplateContext) => Record<string, unknown>
}

/** Compiles the templates of `session: create`; undefined for what begins no session. */
export function compileLogin (session: EndpointSession | undefined, tools: AnswerTools): Login | undefined {
  const options = session === 'create' ? { create: true as const } : typeof session === 'object' && 'create' in session ? session : undefined
  if (options === undefined) return undefined
  const text = (source: string, key: string): Login['username'] => tools.at(`session/${key}`, () => tools.templates.text(source))?.render ?? (() => '')
  const { create } = options
  const claims = create === true ? undefined : tools.at('session/create', () => tools.templates.value(create))
  return {
    username: text(options.username ?? '{{request.body.username}}', 'username'),
    password: text(options.password ?? '{{request.body.password}}', 'password'),
    claims (context) {
      const value = claims?.render(context)
      return isObject(value) ? { ...value } : {}
    }
  }
}
