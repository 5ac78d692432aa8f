import type { Catalogue } from '@send/letters';

const parts: Readonly<Record<string, string>> = {
  who: 'the child',
  whose: 'the child’s',
  'setting.name': 'the setting',
};

/** What a letter is called in a list, before it is written: its title without anybody's name. */
export function letterName(catalogue: Catalogue, id: string): string {
  const title = catalogue.templates.find((template) => template.id === id)?.title ?? id;
  return title.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_, name: string) => parts[name] ?? 'the child');
}
