import type { CompileTools } from '../lib/compile.ts'
import type { Config } from '../lib/config.ts'
import { createBodies } from '../lib/data/bodies.ts'
import { createGenerator } from '../lib/generate/generator.ts'
import { createRandom, seedOf } from '../lib/random.ts'
import { givenSeed } from '../lib/run-seed.ts'
import { createSchemaCompiler, type SchemaCompiler } from '../lib/schema/compiler.ts'
import { createTemplates } from '../lib/template/engine.ts'
import type { TemplateHelper } from '../lib/template/helper.ts'

export interface ToolboxOptions {
  /** Folder of `file` bodies that are configured in code. */
  cwd: string
  helpers: Readonly<Record<string, TemplateHelper>> | undefined
  /** Told of what turns out to be unusable while serving. */
  onWarning: (message: string, details: object) => void
}

/** What endpoints are compiled with: the same for as long as the shared schemas and the seed are. */
export interface Tools {
  readonly seed: Config['seed']
  readonly locale: Config['locale']
  readonly compiler: SchemaCompiler
  readonly compile: CompileTools
  /** Loads what the first generated body would otherwise wait for. */
  readonly warm: () => void
}

/** Makes what endpoints are compiled with. */
export function createToolbox ({ cwd, helpers, onWarning }: ToolboxOptions) {
  const templates = createTemplates(helpers === undefined ? {} : { helpers })

  /** @param compiler one that is there already, and serves these very schemas */
  function create (config: Config, compiler?: SchemaCompiler): Tools {
    const generator = createGenerator({ schemas: config.schemas ?? {}, ...config.locale !== undefined && { locale: config.locale } })
    return {
      seed: config.seed,
      locale: config.locale,
      compiler: compiler ?? createSchemaCompiler(config.schemas, (error, schema) =>
        onWarning('a schema cannot be used and is not enforced', { reason: error.message, schema: JSON.stringify(schema).slice(0, 200) })),
      compile: {
        templates,
        bodies: createBodies(generator, givenSeed(config.seed) ?? 0, (endpoint, reason) => onWarning('a generated body does not fit its schema', { endpoint, reason })),
        generate (schema, key) {
          const { value, problem } = generator.generate(schema, createRandom(seedOf(givenSeed(config.seed) ?? 0, key)))
          if (problem !== undefined) onWarning('a generated body does not fit its schema', { endpoint: key, reason: problem })
          return value
        },
        fits: (schema, value) => generator.accepts(generator.node(schema), value),
        schemas: config.schemas,
        cwd,
        known: new WeakMap()
      },
      warm: generator.warm
    }
  }

  return {
    create,
    /** What has been compiled serves on as long as it would come out the same. */
    renew (config: Config, tools: Tools | undefined): Tools {
      const compiler = tools?.compiler.serves(config.schemas) === true ? tools.compiler : undefined
      return tools !== undefined && compiler !== undefined && tools.seed === config.seed && tools.locale === config.locale ? tools : create(config, compiler)
    }
  }
}
