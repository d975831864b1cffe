import { chromium } from '@playwright/test'
import { existsSync } from 'node:fs'

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A Chromium of this machine: the one that CHROMIUM_PATH names, the system's, or Playwright's own. Undefined when there is none. */
export function findChromium (): string | undefined {
  return [process.env.CHROMIUM_PATH ?? '', ...INSTALLED, chromium.executablePath()].find(existsSync)
}
