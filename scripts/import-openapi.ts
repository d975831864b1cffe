#!/usr/bin/env node
import { Command } from 'commander'
import { addImport } from './commands/import-openapi.ts'
import { prepare } from './program.ts'
import { run } from './run.ts'

/** The same as `mock-server import-openapi`, for `npm run import-openapi spec.yaml -- --out mock.json`. */
const program = new Command('import-openapi')
prepare(program)
addImport(program)

await run(program, process.argv)
