import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { formatDay } from '@send/statute';
import nunjucks from 'nunjucks';
import { dueInWords, howFar, monthAndDay, timeInWords } from './days-in-words';
import { projectRoot } from './project-root';

const require = createRequire(import.meta.url);

/** What every page shows around its own content. */
export interface Frame {
  readonly serviceName: string;
  readonly cspNonce: string;
  readonly csrf?: string;
  readonly signedIn?: { readonly name: string; readonly role: string; readonly authority: string };
  readonly navigation?: readonly { readonly text: string; readonly href: string; readonly current?: boolean }[];
  /** When the session ends if nothing is done, and how many seconds that is from now. */
  readonly session?: { readonly endsAt: Date; readonly seconds: number };
  /** Where the search of the frame is sent; none is shown without it. */
  readonly search?: string;
  /** Shown on every page of a demonstration: nobody may take these for real people. */
  readonly demonstration: boolean;
  readonly today: string;
}

/** Writes pages from views. Everything that is put into one is escaped, unless a macro made it. */
export class PageWriter {
  private readonly environment: nunjucks.Environment;

  /** `views`: folders searched before those of this library and of the component packages. */
  constructor(views: readonly string[]) {
    const govuk = dirname(require.resolve('govuk-frontend/package.json'));
    const moj = dirname(require.resolve('@ministryofjustice/frontend/package.json'));
    const loader = new nunjucks.FileSystemLoader(
      [...views, join(projectRoot(), 'libs/pages/src/views'), join(govuk, 'dist'), moj],
      { noCache: false, watch: false },
    );
    this.environment = new nunjucks.Environment(loader, { autoescape: true, trimBlocks: true, lstripBlocks: true });
    const filters = (require(join(moj, 'moj/filters/all.js')) as () => Record<string, (...args: never[]) => unknown>)();
    for (const [name, filter] of Object.entries(filters))
      this.environment.addFilter(name, filter as (...args: unknown[]) => unknown);
    // The built-in one takes quadratic time on long white space, and the components use it everywhere.
    this.environment.addFilter('trim', (text: string | object | undefined) => {
      const { SafeString, markSafe } = nunjucks.runtime as unknown as {
        SafeString: new () => { toString(): string };
        markSafe: (text: string) => unknown;
      };
      if (text instanceof SafeString) return markSafe(text.toString().trim());
      return typeof text === 'string' ? text.trim() : '';
    });
    this.environment.addFilter('day', (day: string | null | undefined) => (day ? formatDay(day) : ''));
    this.environment.addFilter('number', (count: number) => count.toLocaleString('en-GB'));
    this.environment.addFilter('monthAndDay', monthAndDay);
    this.environment.addFilter('time', (at: Date | string) => timeInWords(at));
    this.environment.addFilter('far', (day: string, today: string) => howFar(day, today));
    this.environment.addFilter('due', (day: string, today: string) => dueInWords(day, today));
  }

  write(view: string, values: object): string {
    return this.environment.render(view, values);
  }
}
