// Checks the import rule of each folder and that no imports form a circle.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { cruise } from 'dependency-cruiser'

const PLACES = ['src', 'workers', 'scripts', 'bench', 'e2e']

const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const { forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs')

/**
 * @param {string} [root] folder that holds src/, workers/ and so on
 * @returns {Promise<{files: number, violations: {rule: string, from: string, to: string, comment: string}[]}>}
 */
export async function checkImports(root = projectRoot) {
  const places = PLACES.filter((place) => existsSync(path.join(root, place)))
  const { output } = await cruise(places, { ...options, baseDir: root, validate: true, ruleSet: { forbidden } })
  const comments = new Map(forbidden.map((rule) => [rule.name, rule.comment]))
  const violations = output.summary.violations.map(({ rule, from, to, cycle }) => ({
    rule: rule.name,
    from,
    to: cycle === undefined ? to : cycle.map((step) => step.name).join(' → '),
    comment: comments.get(rule.name) ?? '',
  }))
  const files = output.modules.filter(({ source }) => !source.startsWith('node_modules')).length
  return { files, violations }
}

async function main() {
  const { files, violations } = await checkImports()
  for (const { rule, from, to, comment } of violations) console.log(`${from} → ${to}\n  ${rule}: ${comment}`)
  console.log(`${files} files, ${violations.length} imports against the rules`)
  process.exitCode = files > 0 && violations.length === 0 ? 0 : 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
