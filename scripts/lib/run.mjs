import { spawn } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'

/**
 * Runs a program to its end and resolves to its exit code; never rejects.
 * Output goes to this terminal and standard input stays closed, so nothing can wait for an answer.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: Record<string, string | undefined>, quiet?: boolean, timeoutMs?: number, shell?: boolean}} [options]
 *   `quiet` drops the program's output.
 * @returns {Promise<number>} 127 when the program cannot be started
 */
export function run(file, args, options = {}) {
  const { cwd, env, quiet = false, timeoutMs, shell = false } = options
  return new Promise((resolve) => {
    const output = quiet ? 'ignore' : 'inherit'
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', output, output],
      shell,
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    })
    child.on('error', () => resolve(127))
    child.on('close', (code) => resolve(code ?? 1))
  })
}

/**
 * Runs npm, preferring the very npm that started this script.
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export function runNpm(args, options = {}) {
  const cli = process.env['npm_execpath']
  if (cli !== undefined && /npm-cli\.c?js$/.test(cli)) return run(process.execPath, [cli, ...args], options)
  const onWindows = process.platform === 'win32'
  return run(onWindows ? 'npm.cmd' : 'npm', args, { ...options, shell: onWindows })
}

/**
 * Runs a tool of an installed package through its JavaScript entry.
 * @param {string} root project folder
 * @param {string} entry path inside node_modules, such as `vite/bin/vite.js`
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export function runTool(root, entry, args, options = {}) {
  return run(process.execPath, [path.join(root, 'node_modules', entry), ...args], { cwd: root, ...options })
}
