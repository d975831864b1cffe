/** Names of what is not to be repeated where people, logs and answers get to see it. */
const WORDS = /^(?:authori[sz]ation|auth|token|tokens|jwt|secret|secrets|password|passwords|passwd|pwd|passphrase|credential|credentials|signature|session|sessionid|sid|cookie|cvv|cvc|pin|apikey|apitoken)$/
const PAIRS = /(?:api|private|access|secret|subscription|signing|encryption)_key|client_secret/

/**
 * Whether what bears this name is a secret by the look of it: `authorization`, `x-api-key`, `/user/passwordHash`; not `keyword`, nor
 * `author`.
 */
export function isSecretName (name: string): boolean {
  const words = name.slice(-200).replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase().split(/[^a-z0-9]+/)
  return words.some(word => WORDS.test(word)) || PAIRS.test(words.join('_'))
}

/** Whether anything within a value bears such a name. */
export function hasSecret (value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return false
  return Object.entries(value).some(([name, member]) => (!Array.isArray(value) && isSecretName(name)) || hasSecret(member, depth + 1))
}

const DEEPEST = 20
