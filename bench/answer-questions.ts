/** The child's end of `startChild`: answers by name, and ends the process when its parent is gone. */
export function answerQuestions (answers: Readonly<Record<string, (detail: never) => unknown>>): void {
  process.on('message', async message => {
    const { id, question, detail } = message as { id: number, question: string, detail: never } // from startChild
    try {
      process.send?.({ id, answer: await (question === 'ready' ? true : answers[question]?.(detail)) })
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.stack ?? error.message : String(error) })
    }
  })
  process.once('disconnect', () => process.exit())
}
