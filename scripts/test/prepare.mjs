/** What parts of the tests need before they can run; each is made once, when the first part asks. */

import { UserError } from '../lib/log.mjs';
import { at } from '../lib/paths.mjs';
import { startPostgres } from '../lib/postgres.mjs';
import { step } from '../lib/run.mjs';
import { ensureServer, ensureTestPrograms } from '../lib/server.mjs';
import { ensureChromium, ensureFirefox, ensureHeadlessShell, ensureNpmPackages, ensurePostgres, ensurePython, ensureRustComponents, ensureSchemathesis, ensureStrace, ensureWasmPack, ensureWasmTarget, ensureWebhooksPython, wasmEnvironment } from '../lib/tools.mjs';
import { ensureApps } from './apps.mjs';

/** Makes and remembers what parts need. */
export class Preparation {
  #made = new Map();
  #verbose;
  #release;

  /** `release` has the server tested as it is shipped, which takes minutes to build; otherwise it is the one that `cargo test` builds. */
  constructor({ verbose, release }) {
    this.#verbose = verbose;
    this.#release = release;
  }

  /** Gives what `need` stands for; when making it failed, it fails again at once for each part that needs it. */
  async get(need) {
    if (!this.#made.has(need)) {
      const made = this.#make(need).then((value) => ({ value }), (error) => ({ error }));
      this.#made.set(need, await made);
    } else if (this.#made.get(need).error) {
      throw new UserError(`Not run: ${need} failed above.`);
    }
    const { value, error } = this.#made.get(need);
    if (error) throw error;
    return value;
  }

  async #make(need) {
    const verbose = this.#verbose;
    switch (need) {
      case 'components':
        return ensureRustComponents();
      case 'packages':
        return ensureNpmPackages();
      case 'wasm':
        await ensureWasmTarget();
        return wasmEnvironment();
      case 'widget': {
        await this.get('packages');
        const env = await this.get('wasm');
        await ensureWasmPack();
        return (await step('Building the widget', process.execPath, [at('widget/build.mjs')], { verbose, env })).output;
      }
      case 'server':
        if (this.#release || process.env.INTERVIEWRELAY_BIN) return ensureServer({ verbose });
        return (await this.get('programs')).server;
      case 'programs':
        return ensureTestPrograms({ verbose });
      case 'chromium':
        return ensureChromium();
      case 'shell':
        return ensureHeadlessShell(await this.get('chromium'));
      case 'firefox':
        return ensureFirefox();
      case 'apps':
        await this.get('widget');
        return ensureApps({ verbose });
      case 'postgres': {
        if (process.env.TEST_POSTGRES_URL) return process.env.TEST_POSTGRES_URL;
        const programs = await ensurePostgres();
        return programs && startPostgres(programs);
      }
      case 'strace':
        return ensureStrace();
      case 'python':
        return ensurePython();
      case 'webhooksPython':
        return ensureWebhooksPython();
      case 'schemathesis':
        return ensureSchemathesis();
      default:
        throw new Error(`nothing makes ${need}`);
    }
  }
}
