import neostandard from 'neostandard'

const layer = (files, patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] }
})

const process = { group: ['**/scripts/**'], message: 'Imports go down only: scripts -> plugins -> lib.' }
const plugins = { group: ['**/plugins/**', '../plugins/*'], message: 'lib is pure: it knows nothing of the plugins.' }

export default [
  ...neostandard({ ts: true, ignores: ['**/dist/**', '.tap/**', 'coverage/**', 'bench/node_modules/**', 'tap-snapshots/**'] }),
  {
    rules: {
      // The house pattern `const X = Type.Object(…); type X = Static<typeof X>` declares one name twice, on purpose.
      '@typescript-eslint/no-redeclare': 'off',
      'no-redeclare': 'off'
    }
  },
  layer(['lib/**/*.ts'], [process, plugins]),
  layer(['plugins/**/*.ts'], [process]),
  {
    files: ['lib/**/*.ts', 'plugins/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': ['error',
        { object: 'process', property: 'env', message: 'Only scripts/ may read the environment.' },
        { object: 'process', property: 'argv', message: 'Only scripts/ may read arguments.' },
        { object: 'process', property: 'exit', message: 'Only scripts/ may end the process.' }]
    }
  }
]
