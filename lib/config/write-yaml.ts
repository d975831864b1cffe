import { Document, isScalar, Scalar, visit, type CreateNodeOptions, type DocumentOptions, type SchemaOptions, type ToStringOptions } from 'yaml'

export type YamlStyle = DocumentOptions & SchemaOptions & CreateNodeOptions & ToStringOptions

/**
 * YAML as the `yaml` package writes it, but that a key `<<` is in quotes: without them, whoever reads it takes what it holds to be
 * merged into the object around it.
 */
export function writeYaml (value: unknown, style: YamlStyle): string {
  const document = new Document(value, style)
  visit(document, { Pair: (_, { key }) => { if (isScalar(key) && key.value === '<<') key.type = Scalar.QUOTE_DOUBLE } })
  return document.toString(style)
}
