import type { FastifyReply } from 'fastify'
import { joinVary } from '../lib/answer.ts'

/** Adds to `Vary` what an answer depends on, beside what the host's hooks (CORS) have put there. */
export function addVary (reply: FastifyReply, value: string | readonly string[]): void {
  reply.header('vary', joinVary(asText(reply.raw.getHeader('vary')), asText(reply.getHeader('vary')), asText(value)))
}

const asText = (value: number | string | readonly string[] | undefined): string | undefined => value === undefined ? undefined : String(value)
