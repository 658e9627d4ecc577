import { spawn } from 'node:child_process'
import process from 'node:process'

/** @returns {boolean} whether a person with a desktop seems to be sitting here */
export function someoneIsWatching() {
  if (process.env['CI'] || !process.stdout.isTTY) return false
  if (process.platform === 'darwin' || process.platform === 'win32') return true
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'])
}

/**
 * Opens an address in the default browser. Failing to is no failure: the address is on the screen.
 * @param {string} url
 */
export function openPage(url) {
  const commands = { darwin: ['open', [url]], win32: ['cmd', ['/c', 'start', '', url]] }
  const [file, args] = commands[process.platform] ?? ['xdg-open', [url]]
  const child = spawn(file, args, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
