import { Socket } from 'node:net'

/**
 * Closes a connection so that the other side is told of a reset (RST), and not of an end. What was written and not sent yet is lost.
 * Over a Unix domain socket there is no such thing: it is just closed.
 */
export function resetConnection (socket: Socket): void {
  if (socket.destroyed) return
  const transport = transportOf(socket)
  try {
    transport.resetAndDestroy()
  } catch {
    socket.destroy()
  }
}

/** Sends what was written, ends the connection and lets go of it, whether or not the client ends its side. */
export function endConnection (socket: Socket, last?: Buffer | string): void {
  if (socket.destroyed) return
  const close = (): void => { socket.destroy() }
  if (last === undefined) socket.end(close)
  else socket.end(last, close)
}

/** Of a connection with TLS, the one beneath, since only that can be reset. Node has no public name for it. */
function transportOf (socket: Socket): Socket {
  const parent: unknown = Reflect.get(socket, '_parent')
  return parent instanceof Socket ? parent : socket
}
