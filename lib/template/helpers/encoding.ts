import { createHash, createHmac, getHashes } from 'node:crypto'
import { HelperFault } from '../error.ts'
import type { HelperFunction, HelperTable } from '../helper.ts'
import { flag, text } from './argument.ts'
import { digText } from './object-path.ts'

/** Bytes as they are, all else as UTF-8 text. */
const bytes = (value: unknown) => ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : Buffer.from(text(value))

const encode = (encoding: BufferEncoding): HelperFunction => ([value], { decode }) =>
  flag(decode) ? Buffer.from(text(value), encoding).toString('utf8') : bytes(value).toString(encoding)
const decode = (encoding: BufferEncoding): HelperFunction => ([value]) => Buffer.from(text(value), encoding).toString('utf8')

const ENCODINGS = new Set(['hex', 'base64', 'base64url'])

const outputOf = (encoding: unknown) => {
  const name = text(encoding ?? 'hex')
  if (name === 'hex' || name === 'base64' || name === 'base64url') return name
  throw new HelperFault(`unknown encoding '${name}'`, `one of ${[...ENCODINGS].join(', ')}`)
}

const algorithmOf = (name: unknown) => {
  const algorithm = text(name)
  if (getHashes().includes(algorithm)) return algorithm
  throw new HelperFault(`unknown hash algorithm '${algorithm}'`, 'sha256, sha512, sha1, md5 …')
}

const hash = (algorithm: string): HelperFunction => ([value], { encoding }) => createHash(algorithm).update(bytes(value)).digest(outputOf(encoding))

/** `hmac value key ['sha256'] [encoding='hex']` */
const hmac: HelperFunction = ([value, key, algorithm = 'sha256'], { encoding }) =>
  createHmac(algorithmOf(algorithm), bytes(key)).update(bytes(value)).digest(outputOf(encoding))

const urlDecode: HelperFunction = ([value]) => {
  try {
    return decodeURIComponent(text(value).replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/** A part of a JSON Web Token, decoded; the signature is not checked. Takes `Bearer …` as well. */
const jwtPart = (index: number): HelperFunction => ([token, property]) => {
  const part = text(token).replace(/^Bearer\s+/i, '').split('.')[index]
  if (part === undefined || part === '') return undefined
  try {
    const claims: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return property === undefined ? claims : digText(claims, text(property))
  } catch {
    return undefined
  }
}

/** Encodings and digests; each also as a block around what it encodes. */
export const encodingHelpers: HelperTable = {
  base64: encode('base64'),
  base64Decode: decode('base64'),
  base64url: encode('base64url'),
  base64urlDecode: decode('base64url'),
  hex: encode('hex'),
  hexDecode: decode('hex'),
  urlEncode: (args, options, context) => flag(options.decode) ? urlDecode(args, options, context) : encodeURIComponent(text(args[0])),
  urlDecode,
  md5: hash('md5'),
  sha1: hash('sha1'),
  sha256: hash('sha256'),
  sha512: hash('sha512'),
  hmac,
  jwtPayload: jwtPart(1),
  jwtHeader: jwtPart(0)
}
