import net from 'node:net'

/**
 * @param {number} port 0 asks the system for any free one
 * @returns {Promise<number | undefined>} the port when it is free on the loopback address
 */
function tryPort(port) {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined))
    })
  })
}

/**
 * The wanted port, or any free one when it is taken.
 * @param {number} wanted
 */
export async function freePort(wanted) {
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? wanted
}
