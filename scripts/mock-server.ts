#!/usr/bin/env node
import * as module from 'node:module'
import { createProgram } from './program.ts'
import { run } from './run.ts'

// What commands load, once they run, is kept compiled from one start to the next (Node.js 22.1 and later).
if ('enableCompileCache' in module && typeof module.enableCompileCache === 'function') module.enableCompileCache()

await run(createProgram(), process.argv)
