// Who may import whom. Arrows never turn back: each folder of the product lists the folders it may
// import besides itself; whatever is not listed is forbidden. Tests beside the source are exempt, so
// that they can bring oracles from anywhere.

const MAY_IMPORT = {
  'src/contracts': [],
  'src/permalink': ['src/contracts'],
  'src/figures': ['src/contracts'],
  'src/lessons': ['src/contracts'],
  'src/state': ['src/contracts', 'src/permalink'],
  'src/client': ['src/contracts', 'workers'],
  'src/app': ['src/client', 'src/state', 'src/figures', 'src/permalink', 'src/lessons', 'src/contracts'],
  'workers/numerics': [],
  'workers/engine': [],
  'workers/linalg': ['workers/numerics'],
  'workers/linalg-gpu': ['workers/numerics', 'workers/engine'],
  'workers/data': ['src/contracts'],
  'workers/interop': ['workers/data', 'workers/networks', 'src/contracts'],
  'workers/operators': ['workers/networks', 'workers/numerics', 'workers/engine', 'src/contracts'],
  'workers/networks': ['workers/engine', 'workers/numerics', 'src/contracts'],
  'workers/training': ['workers/networks', 'workers/engine', 'workers/numerics', 'src/contracts'],
  'workers/experiments': [
    'workers/training', 'workers/operators', 'workers/networks', 'workers/engine', 'workers/linalg',
    'workers/linalg-gpu', 'workers/numerics', 'workers/data', 'src/contracts',
  ],
  'workers/parallel': ['workers/operators', 'workers/networks', 'workers/engine', 'workers/numerics', 'src/contracts'],
  'workers/session': [
    'workers/parallel', 'workers/interop', 'workers/experiments', 'workers/training', 'workers/operators', 'workers/networks', 'workers/engine',
    'workers/linalg', 'workers/linalg-gpu', 'workers/numerics', 'workers/data', 'src/contracts',
  ],
  'workers/cli': ['workers/session', 'workers/parallel', 'workers/linalg', 'workers/data', 'src/contracts'],
}

const PROJECT_CODE = '^(src|workers|scripts|bench|e2e)/'
const TESTS = '[.]test[.]tsx?$'
const PRODUCT = '^(src|workers)/'

const folderRules = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder.replace('/', '-')}-imports`,
  comment: `${folder} may import ${['itself', ...allowed].join(', ')}; no other folder.`,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: TESTS },
  to: { path: PROJECT_CODE, pathNot: `^(${[folder, ...allowed].join('|')})/` },
}))

const packageRule = (name, comment, packages, homes) => ({
  name,
  comment,
  severity: 'error',
  from: { path: PRODUCT, pathNot: [TESTS, ...homes] },
  to: { path: `^node_modules/(${packages.join('|')})(/|$)` },
})

module.exports = {
  forbidden: [
    { name: 'no-circular', comment: 'Imports, type-only ones included, form no circle.', severity: 'error', from: {}, to: { circular: true } },
    ...folderRules,
    {
      name: 'lab-worker-imports',
      comment: 'The worker shell imports workers/session and the wire format, nothing else of the project.',
      severity: 'error',
      from: { path: '^workers/lab[.]worker[.]ts$' },
      to: { path: PROJECT_CODE, pathNot: '^(workers/session|src/contracts)/' },
    },
    {
      name: 'client-knows-workers-as-types',
      comment: 'src/client imports workers with `import type` only; code crosses by Comlink.',
      severity: 'error',
      from: { path: '^src/client/', pathNot: TESTS },
      to: { path: '^workers/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'numerics-is-pure',
      comment: 'workers/numerics imports no package and no module of Node.',
      severity: 'error',
      from: { path: '^workers/numerics/', pathNot: TESTS },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'core'] },
    },
    {
      name: 'no-node-in-the-page',
      comment: 'What runs in a browser imports no module of Node.',
      severity: 'error',
      from: { path: PRODUCT, pathNot: [TESTS, '^workers/(cli|parallel/node|linalg/node)/'] },
      to: { dependencyTypes: ['core'] },
    },
    packageRule('tfjs-in-webgpu-only', 'tfjs is imported in workers/engine/webgpu only.', ['@tensorflow'], ['^workers/engine/webgpu/']),
    packageRule('plotly-is-drawn-in-the-app', 'Plotly is imported in src/app and src/figures only.', ['plotly[.]js', '@types/plotly[.]js'], ['^src/app/', '^src/figures/']),
    packageRule('react-in-views-only', 'React is imported in src/app, its entry point and the adapter of src/state only.', ['react', 'react-dom', 'react-aria-components', '@types/react', '@types/react-dom'], ['^src/app/', '^src/main[.]tsx$', '^src/state/']),
    packageRule('comlink-at-the-crossing', 'Comlink is imported where page and worker meet only.', ['comlink'], ['^src/client/', '^workers/session/', '^workers/lab[.]worker[.]ts$']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|build|test-results|workers/(engine/wasm|linalg|linalg/rows)/assembly)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json'] },
  },
}
