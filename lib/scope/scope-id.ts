import { randomBytes } from 'node:crypto'

/** What can stand in a header, a baggage member and a path without being encoded. */
const ID = /^[A-Za-z0-9._~-]{1,128}$/

/** Dots alone are steps in a path. */
export const isScopeId = (id: string): boolean => ID.test(id) && !/^\.+$/.test(id)

/** 72 bits: nobody meets with anybody else's. */
export const makeScopeId = (): string => `s-${randomBytes(9).toString('base64url')}`
