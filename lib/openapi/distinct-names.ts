/**
 * A path whose parameters have names of their own: where one stands twice, the later is numbered.
 *
 * @example
 * distinctNames('/range/{id}/{id}') // '/range/{id}/{id_2}'
 */
export function distinctNames (path: string): string {
  const taken = new Set<string>()
  return path.replace(/\{(\+?)([^{}/]+)\}/g, (_, plus: string, name: string) => {
    let own = name
    for (let count = 2; taken.has(own); count++) own = `${name}_${count}`
    taken.add(own)
    return `{${plus}${own}}`
  })
}
