import { runInSlices } from '../lib/config/slices.ts'
import { dropBrokenExamples } from '../lib/verify/drop-broken-examples.ts'
import { verifyAnswers } from '../lib/verify/verify-answers.ts'
import type { Config } from '../lib/config.ts'
import { plural } from './plural.ts'

/**
 * Judges the examples of an imported configuration. With `generate-broken`, those that do not fit their schema are left out, so that
 * bodies are generated in their place. The line says what was found; undefined when there is nothing to say.
 */
export async function generateBroken (config: Config, mode: 'keep' | 'generate-broken'): Promise<{ config: Config, line: string | undefined }> {
  const { broken } = await runInSlices(verifyAnswers(config, { examplesOnly: true }))
  const examples = broken.filter(({ kind }) => kind === 'example')
  if (examples.length === 0) return { config, line: undefined }
  const operations = new Set(examples.map(({ index }) => index)).size
  const what = `${plural(examples.length, 'example')} of ${plural(operations, 'operation')}`
  if (mode === 'keep') return { config, line: `  warning: ${what} ${examples.length === 1 ? 'does not fit the schema and is sent as it is' : 'do not fit their schemas and are sent as they are'}; mock-server verify lists them, --examples generate-broken replaces them` }
  return { config: dropBrokenExamples(config, examples), line: `  ${what} did not fit the schema: generated instead` }
}
