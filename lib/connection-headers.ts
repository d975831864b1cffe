/**
 * Headers that speak of one connection, or of how a message is framed on it: they are for the server to set (RFC 9110, section
 * 7.6.1). Recordings of real answers are full of them.
 */
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'content-length'])

export const isConnectionHeader = (name: string): boolean => CONNECTION_HEADERS.has(name.toLowerCase())
