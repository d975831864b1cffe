/** What the process tells whoever started it; documented in `docs/cli.md` and in `--help`. */
export const EXIT = {
  ok: 0,
  /** The configuration or the document is not valid. */
  config: 1,
  /** The command line itself is wrong. */
  usage: 2,
  portInUse: 3,
  /** A file, an address or a network that cannot be had. */
  io: 4,
  /** An update of an import met changes of both sides; everything else was merged. */
  conflict: 5,
  /** A fault of this program (EX_SOFTWARE of sysexits). */
  internal: 70
} as const

export type ExitCode = typeof EXIT[keyof typeof EXIT]
