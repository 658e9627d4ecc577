import globals from 'globals'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

const SCRIPTS = ['scripts/**/*.mjs', '*.config.js', '.dependency-cruiser.cjs', 'public/**/*.js']
const TYPED = ['src/**/*.{ts,tsx}', 'workers/**/*.ts', 'bench/**/*.ts', 'e2e/**/*.ts']
const TESTS = ['**/*.test.{ts,tsx}']

const PROJECTS = ['./tsconfig.json', './workers/tsconfig.json', './scripts/tsconfig.json']

const seededOnly = {
  object: 'Math',
  property: 'random',
  message: 'Draw from an explicit seeded generator; Math.random repeats on no machine.',
}

export default tseslint.config(
  { ignores: ['dist/', 'build/', 'node_modules/', 'test-results/', 'playwright-report/', 'public/data/', 'workers/engine/wasm/assembly/', 'workers/linalg/assembly/', 'workers/linalg/rows/assembly/', '.cache/'] },
  {
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    files: ['**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: TYPED,
    ignores: TESTS,
    languageOptions: { parserOptions: { project: PROJECTS, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  {
    rules: {
      eqeqeq: 'error',
      'no-restricted-properties': ['error', seededOnly],
      'no-eval': 'error',
      'prefer-const': 'error',
      'no-var': 'error',
    },
  },
  { files: ['src/app/**'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['src/**', 'workers/**'], ignores: ['workers/cli/**', ...TESTS], rules: { 'no-console': 'error' } },
  {
    files: SCRIPTS,
    languageOptions: { globals: { ...globals.node } },
    rules: { 'no-undef': 'error', 'no-unused-vars': ['error', { argsIgnorePattern: '^_' }] },
  },
)
