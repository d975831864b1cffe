import type { Endpoint, Response } from '../config.ts'
import { resolveBodyFile } from './body-file.ts'
import { quote } from './describe.ts'
import type { Report } from './report.ts'
import type { Member } from './unit.ts'

/**
 * Looks for the files of `file` bodies. One outside of its folder is an error; one that is missing is told, as it may come
 * later. What a template will name is checked when it is known.
 */
export async function checkBodyFiles (members: readonly Member[], report: Report, signal: AbortSignal | undefined): Promise<void> {
  for (const { endpoint, unit, pointer, place } of members) {
    for (const { file, at } of fixedFiles(endpoint)) {
      signal?.throwIfAborted()
      const found = await resolveBodyFile(unit.folder, file)
      if ('path' in found) continue
      if (found.problem === 'outside') {
        report.add({ code: 'file-outside', message: `${quote(file)} leads out of ${unit.folder}`, hint: 'files are served from the folder of the configuration only', pointer: pointer + at }, place)
      } else {
        report.add({ severity: 'warning', code: 'no-file', message: `there is no file ${quote(file)} in ${unit.folder}`, hint: 'requests for it are answered with an error until there is', pointer: pointer + at }, place)
      }
    }
  }
}

function * fixedFiles (endpoint: Endpoint): Generator<{ file: string, at: string }> {
  if (isFixed(endpoint)) yield { file: endpoint.file, at: '/file' }
  for (const [index, response] of (endpoint.responses ?? []).entries()) {
    if (isFixed(response)) yield { file: response.file, at: `/responses/${index}/file` }
  }
}

const isFixed = (answer: Response): answer is Response & { file: string } =>
  answer.file !== undefined && (answer.template === false || !answer.file.includes('{{'))
