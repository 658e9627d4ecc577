import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { run, runTool } from './run.mjs'

const NAMES_ON_PATH = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const MAC_APPS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]
const WINDOWS_PROGRAM_FOLDERS = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
const WINDOWS_PROGRAM = ['Google', 'Chrome', 'Application', 'chrome.exe']

const DOWNLOAD_LIMIT_MS = 5 * 60_000

const REMEDY =
  'no Chromium or Chrome found, and none could be installed; install one (on Debian or Ubuntu: apt-get install chromium) ' +
  'or set CHROME_PATH to the browser program.'

/**
 * A program that exists may still be an installer stub; one that prints its version is a browser.
 * On Windows Chrome would open a window instead, so there existence is enough.
 * @param {string} file
 */
function isBrowser(file) {
  if (!existsSync(file)) return false
  return process.platform === 'win32' || spawnSync(file, ['--version'], { timeout: 30_000 }).status === 0
}

/** @returns {string[]} usual places of an installed browser on this system */
function usualPlaces() {
  if (process.platform === 'darwin') return MAC_APPS
  if (process.platform === 'win32') {
    const folders = WINDOWS_PROGRAM_FOLDERS.map((name) => process.env[name]).filter((folder) => folder !== undefined)
    return folders.map((folder) => path.join(folder, ...WINDOWS_PROGRAM))
  }
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '')
  return NAMES_ON_PATH.flatMap((name) => folders.map((folder) => path.join(folder, name)))
}

/** @returns {Promise<string | undefined>} the browser that Playwright downloaded earlier */
async function playwrightBrowser() {
  try {
    const { chromium } = await import('@playwright/test')
    const file = chromium.executablePath()
    return isBrowser(file) ? file : undefined
  } catch {
    return undefined
  }
}

/**
 * A browser that is already on this machine: CHROME_PATH, then an installed one, then Playwright's.
 * @returns {Promise<string | undefined>}
 * @throws {Error} when CHROME_PATH names something that does not run
 */
export async function findBrowser() {
  const chosen = process.env['CHROME_PATH']
  if (chosen) {
    if (isBrowser(chosen)) return chosen
    throw new Error(`CHROME_PATH=${chosen} does not run as a browser; point it to a Chromium or Chrome program, or unset it.`)
  }
  return usualPlaces().find(isBrowser) ?? (await playwrightBrowser())
}

/** @returns {readonly string[] | undefined} what to put before apt-get, when installing is allowed without a password */
function aptPrefix() {
  if (process.platform !== 'linux' || spawnSync('apt-get', ['--version']).status !== 0) return undefined
  if (process.getuid?.() === 0) return []
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined
}

/** @param {string} root @param {(line: string) => void} log */
async function downloadWithPlaywright(root, log) {
  log("No installed browser found; downloading Playwright's Chromium.")
  const args = ['install', '--no-shell', 'chromium']
  await runTool(root, '@playwright/test/cli.js', args, { timeoutMs: DOWNLOAD_LIMIT_MS })
}

/** @param {string} _root @param {(line: string) => void} log */
async function installFromSystem(_root, log) {
  const prefix = aptPrefix()
  if (prefix === undefined) return
  log('Installing the chromium package with apt-get.')
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], ['install', '-y', 'chromium']]) {
    const [file, ...rest] = [...prefix, 'apt-get', ...args]
    if ((await run(file, rest, { env })) !== 0) return
  }
}

/**
 * A browser for the tests, installed when this machine has none.
 * @param {string} root project folder
 * @param {(line: string) => void} log
 * @returns {Promise<string>} path of the program
 * @throws {Error} with the remedy when every way failed
 */
export async function ensureBrowser(root, log) {
  let found = await findBrowser()
  for (const install of [downloadWithPlaywright, installFromSystem]) {
    if (found !== undefined) return found
    await install(root, log)
    found = await findBrowser()
  }
  if (found === undefined) throw new Error(REMEDY)
  return found
}
