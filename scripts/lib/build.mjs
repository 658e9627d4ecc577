import path from 'node:path'
import { isUpToDate } from './freshness.mjs'
import { runNpm, runTool } from './run.mjs'

const INPUTS = ['index.html', 'package-lock.json', 'vite.config.ts', 'tsconfig.base.json', 'public', 'src', 'workers', 'scripts/build-wasm.mjs']

/** @param {string} root */
export function siteIsUpToDate(root) {
  return isUpToDate(path.join(root, 'dist', 'index.html'), INPUTS.map((input) => path.join(root, input)))
}

/** @param {string} root @returns {Promise<number>} exit code */
export function buildWasm(root) {
  return runNpm(['run', '--silent', 'build:wasm'], { cwd: root })
}

/** @param {string} root @returns {Promise<number>} exit code */
export function buildSite(root) {
  return runTool(root, 'vite/bin/vite.js', ['build'])
}
