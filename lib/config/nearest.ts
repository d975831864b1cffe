import { distance } from 'fastest-levenshtein'

/**
 * What people who come from other tools write, and what it is called here: the first that fits the place is suggested.
 */
const FAMILIAR: Readonly<Record<string, readonly string[]>> = {
  url: ['path'],
  uri: ['path'],
  route: ['path'],
  endpoint: ['path'],
  urlpath: ['path'],
  urlpattern: ['path'],
  verb: ['method'],
  methods: ['method'],
  body: ['response', 'body'],
  json: ['response'],
  jsonbody: ['response'],
  data: ['response'],
  payload: ['response', 'body'],
  reply: ['response', 'responses'],
  result: ['response'],
  content: ['response'],
  string: ['text'],
  bodyfile: ['file'],
  bodyfilename: ['file'],
  filepath: ['file'],
  base64body: ['base64'],
  statuscode: ['status'],
  httpstatus: ['status'],
  code: ['status'],
  header: ['headers'],
  responseheaders: ['headers'],
  mimetype: ['content_type'],
  mediatype: ['content_type'],
  type: ['content_type'],
  delay: ['latency_ms', 'delay_ms'],
  delayms: ['latency_ms'],
  latency: ['latency_ms'],
  fixeddelaymilliseconds: ['latency_ms'],
  failrate: ['failure_rate'],
  errorrate: ['failure_rate'],
  failureprobability: ['failure_rate'],
  fault: ['fault', 'failure'],
  faults: ['fault'],
  toxic: ['fault'],
  toxicity: ['rate'],
  variants: ['responses'],
  examples: ['responses'],
  routes: ['endpoints'],
  mocks: ['endpoints'],
  stubs: ['endpoints'],
  mappings: ['endpoints'],
  paths: ['endpoints'],
  disabled: ['enabled'],
  active: ['enabled'],
  prefix: ['base_paths', 'starts_with'],
  baseurl: ['base_paths'],
  basepath: ['base_paths'],
  query: ['querystring'],
  queryparams: ['querystring'],
  parameters: ['params'],
  pathparams: ['params'],
  definitions: ['schemas'],
  components: ['schemas'],
  imports: ['include'],
  config: ['include'],
  configfile: ['include'],
  file: ['include'],
  files: ['include'],
  spec: ['include'],
  openapi: ['include'],
  includes: ['include', 'contains'],
  extends: ['include'],
  title: ['name'],
  scenarioname: ['scenario', 'name'],
  requiredscenariostate: ['scenario', 'state'],
  newscenariostate: ['scenario', 'to'],
  from: ['state'],
  next: ['to'],
  responsemode: ['choose'],
  repeat: ['times'],
  probability: ['weight'],
  vars: ['variables'],
  globals: ['variables'],
  equalto: ['equals'],
  eq: ['equals'],
  is: ['equals'],
  value: ['equals'],
  equaltojson: ['equals'],
  ne: ['not'],
  doesnotmatch: ['not'],
  doesnotcontain: ['not'],
  gt: ['greater'],
  greaterthan: ['greater'],
  gte: ['at_least'],
  min: ['at_least'],
  minimum: ['at_least'],
  lt: ['less'],
  lessthan: ['less'],
  lte: ['at_most'],
  max: ['at_most'],
  maximum: ['at_most'],
  oneof: ['in'],
  enum: ['in'],
  regex: ['matches'],
  regexp: ['matches'],
  pattern: ['matches'],
  matchespattern: ['matches'],
  matchesjsonpath: ['json_path'],
  matchesxpath: ['xpath'],
  matchesjsonschema: ['json_schema'],
  schema: ['json_schema'],
  suffix: ['ends_with'],
  present: ['exists'],
  missing: ['absent'],
  size: ['length'],
  and: ['all'],
  allof: ['all'],
  or: ['any'],
  anyof: ['any'],
  queryparameters: ['query'],
  bodypatterns: ['body'],
  ip: ['client'],
  clientip: ['client'],
  state: ['scenarios'],
  db: ['collections'],
  database: ['collections'],
  count: ['request_number']
}

/** Names that differ in nothing but case and separators are the same word. */
const bare = (name: string): string => name.toLowerCase().replaceAll(/[_\-\s]/g, '')

const sorted = (word: string): string => [...word].sort().join('')

/**
 * The valid name that was most likely meant, if any is near: the same word in another spelling (`latencyMs`), the word that
 * another tool has for it (`url`), or one typing error away (`stauts`).
 *
 * @example
 * nearest('latencyMs', ['status', 'latency_ms']) // 'latency_ms'
 */
export function nearest (name: string, valid: Iterable<string>): string | undefined {
  const names = [...valid]
  const word = bare(name)
  const respelt = names.find(candidate => bare(candidate) === word)
  if (respelt !== undefined) return respelt
  const familiar = Object.hasOwn(FAMILIAR, word) ? FAMILIAR[word] : undefined
  const known = familiar?.find(candidate => names.includes(candidate))
  if (known !== undefined) return known
  // Long texts are no typing errors of anything, and the distance costs their product.
  if (word.length > 64) return undefined
  let best: string | undefined
  let least = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of names) {
    const other = bare(candidate)
    // Two letters that changed places are one mistake, not two.
    const steps = sorted(word) === sorted(other) ? 1 : distance(word, other)
    if (steps < least) {
      best = candidate
      least = steps
    }
  }
  return best
}
