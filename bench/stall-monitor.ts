import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Loaded into a server (`node --import stall-monitor.js server.js`): the longest that its event loop was held, in milliseconds, since
 * SIGUSR2 or else since the start; written to the file that BENCH_STALLS names when the process ends.
 */
const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
process.on('SIGUSR2', () => delay.reset())
process.on('exit', () => writeFileSync(process.env.BENCH_STALLS ?? '/dev/null', String(delay.max / 1e6)))
