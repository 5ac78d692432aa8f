import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Axe {
  run(
    page: unknown,
    options: object,
  ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
}

/** What axe finds fault with, in words. */
export function violations(page: Page): Promise<string[]> {
  return page.evaluate(
    async ({ source, tags }) => {
      const holder = globalThis as unknown as { axe?: Axe; document: unknown };
      if (holder.axe === undefined) (0, eval)(source);
      const run = await holder.axe?.run(holder.document, { runOnly: tags });
      return (
        run?.violations.map(
          (one) =>
            `${one.id}: ${one.nodes
              .slice(0, 2)
              .map((node) => `${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`)
              .join(' | ')}`,
        ) ?? ['axe did not run']
      );
    },
    { source: axeSource, tags: rules },
  );
}
