import { csrfToken, readCookie } from '@send/pages';
import type { IncomingMessage } from 'node:http';

export const askCookie = 'ask';

const path = /^(?:\/([^/]+))?\/ask-for-an-assessment(?:\/|$)/;
const authority = /^[a-z][a-z0-9-]{1,39}$/;

/** What an error page needs to speak to a family rather than to staff; undefined for every other page. */
export function forFamilies(
  request: IncomingMessage & { readonly path: string },
  tls: boolean,
): { shell: string; onward: { text: string; href: string }; csrf: string | undefined } | undefined {
  const found = path.exec(request.path);
  if (found === null) return undefined;
  const [, id = ''] = found;
  const base = `${authority.test(id) ? `/${id}` : ''}/ask-for-an-assessment`;
  const secret = readCookie(request, askCookie, tls);
  return {
    shell: 'public-request/public.frame.njk',
    onward: { text: 'Go to the start of the form', href: base },
    csrf: secret === undefined ? undefined : csrfToken(secret),
  };
}
