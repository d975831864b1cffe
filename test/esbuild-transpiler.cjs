'use strict'

const { transformSync } = require('esbuild')

/**
 * How tap's TypeScript loader (ts-node) turns a file into JavaScript: by esbuild, since TypeScript itself takes seconds for each test
 * file. Types are checked beforehand, by `npm run typecheck`.
 */
exports.create = () => ({
  transpile (code, { fileName }) {
    const { code: outputText, map: sourceMapText } = transformSync(code, {
      loader: 'ts', format: 'esm', target: 'es2023', sourcefile: fileName, sourcemap: 'external', sourcesContent: true
    })
    return { outputText, sourceMapText }
  }
})
