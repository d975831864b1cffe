import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A process of ours that does one thing and answers questions about it. It ends when we do. */
export interface Child {
  readonly pid: number
  /** What the child's `answerQuestions` has under that name. */
  ask<T> (question: string, detail?: unknown): Promise<T>
  stop (): Promise<void>
}

interface Reply {
  id: number
  answer?: unknown
  error?: string
}

/** Starts a script of this folder (`serve`) and waits until it is ready. */
export async function startChild (script: string, args: readonly string[] = [], nodeArgs: readonly string[] = []): Promise<Child> {
  const path = fileURLToPath(new URL(`./${script}.js`, import.meta.url))
  const child = fork(path, args, { execArgv: [...nodeArgs], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const waiting = new Map<number, { resolve: (answer: unknown) => void, reject: (error: Error) => void }>()
  let asked = 0
  child.on('message', message => {
    const { id, answer, error } = message as Reply // the other end is answerQuestions
    if (error === undefined) waiting.get(id)?.resolve(answer)
    else waiting.get(id)?.reject(new Error(`${script} ${args.join(' ')}: ${error}`))
    waiting.delete(id)
  })
  const exited = new Promise<void>(resolve => child.once('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`${script} ${args.join(' ')} ended with ${signal ?? code}`))
    resolve()
  }))

  const ask = <T>(question: string, detail?: unknown): Promise<T> => new Promise((resolve, reject) => {
    const id = ++asked
    // Both ends are ours: who asks knows what is answered.
    waiting.set(id, { resolve: answer => resolve(answer as T), reject })
    child.send({ id, question, detail })
  })
  await ask('ready')
  return {
    pid: child.pid ?? 0,
    ask,
    async stop () {
      if (child.connected) child.disconnect()
      child.kill()
      await exited
    }
  }
}
