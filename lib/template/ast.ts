/** The syntax tree that Handlebars' parser gives, as far as we read it. */

export interface Position {
  /** From 1. */
  readonly line: number
  /** From 0. */
  readonly column: number
}

interface Located {
  readonly loc: { readonly start: Position, readonly end: Position }
}

export interface Program {
  readonly type: 'Program'
  readonly body: readonly Statement[]
  readonly blockParams?: readonly string[] | null
  /** The program of an `{{else if}}`: its one statement is that block. */
  readonly chained?: boolean
}

export type Statement =
  | ContentStatement
  | MustacheStatement
  | BlockStatement
  | (Located & { readonly type: 'CommentStatement' })
  | (Located & { readonly type: 'PartialStatement' | 'PartialBlockStatement' | 'Decorator' | 'DecoratorBlock' })

export interface ContentStatement extends Located {
  readonly type: 'ContentStatement'
  readonly value: string
}

export interface Call {
  readonly path: PathExpression | Literal
  readonly params: readonly Expression[]
  readonly hash?: Hash | null
}

export interface MustacheStatement extends Located, Call {
  readonly type: 'MustacheStatement'
}

export interface BlockStatement extends Located, Call {
  readonly type: 'BlockStatement'
  readonly program?: Program | null
  readonly inverse?: Program | null
}

export interface SubExpression extends Located, Call {
  readonly type: 'SubExpression'
}

export interface PathExpression extends Located {
  readonly type: 'PathExpression'
  /** `@index` and its like. */
  readonly data: boolean
  /** How many `../` it starts with. */
  readonly depth: number
  readonly parts: readonly string[]
  readonly original: string
}

export type Literal = Located & (
  | { readonly type: 'StringLiteral', readonly value: string }
  | { readonly type: 'NumberLiteral', readonly value: number }
  | { readonly type: 'BooleanLiteral', readonly value: boolean }
  | { readonly type: 'UndefinedLiteral' }
  | { readonly type: 'NullLiteral' })

export interface Hash {
  readonly pairs: ReadonlyArray<{ readonly key: string, readonly value: Expression }>
}

export type Expression = SubExpression | PathExpression | Literal

/** The value of a literal. */
export function literalValue (node: Literal): unknown {
  switch (node.type) {
    case 'UndefinedLiteral': return undefined
    case 'NullLiteral': return null
    default: return node.value
  }
}

export function isLiteral (node: Expression): node is Literal {
  return node.type !== 'PathExpression' && node.type !== 'SubExpression'
}
