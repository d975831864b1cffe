import { Option, type Command } from 'commander'
import type { Config } from '../../lib/config.ts'
import { allowedPlaces } from '../allowed-places.ts'
import { collectPaths, collectPlace } from './option-values.ts'

/** How OpenAPI documents are read: for every command that reads them as `start` does. */
export interface DocumentFlags {
  basePath?: 'keep' | 'strip' | 'both'
  allowRefsFrom?: string[]
  overlay?: string[]
}

export const documentOptions = (): Option[] => [
  new Option('--base-path <mode>', "whether an OpenAPI document's own path stands before its paths (default: both)").choices(['keep', 'strip', 'both']),
  new Option('--allow-refs-from <place>', 'folder or origin (https://schemas.example.com) that $refs may lead to; repeatable').argParser<string[]>(collectPlace),
  new Option('--overlay <file>', 'OpenAPI overlay that changes the documents before they are read; repeatable').argParser<string[]>(collectPaths)
]

export function addDocumentFlags (command: Command): Command {
  for (const option of documentOptions()) command.addOption(option)
  return command
}

/** The keys of a configuration that the flags stand for. */
export function documentSettings ({ basePath, allowRefsFrom, overlay }: DocumentFlags, cwd: string): Pick<Config, 'documents' | 'references'> {
  const documents = { ...basePath !== undefined && { base_path: basePath }, ...overlay !== undefined && { overlays: overlay } }
  return {
    ...Object.keys(documents).length > 0 && { documents },
    ...allowRefsFrom !== undefined && { references: allowedPlaces(allowRefsFrom, cwd) }
  }
}
