import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const csrfField = '_csrf';

/**
 * The token of a session's forms. Its key is the session's own secret, which no other site can read: it lives exactly as
 * long as the session, on every server, and nothing more has to be kept.
 */
export const csrfToken = (sessionCookie: string): string =>
  createHmac('sha256', sessionCookie).update('forms of this session').digest('base64url');

/** GET, HEAD and OPTIONS change nothing, and need no proof. */
export const isSafe = (method: string | undefined): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(method ?? '');

/** Whether a request that changes something comes from a page of ours: by the browser's own word, and by the token. */
export function isOurOwn(request: IncomingMessage, sessionCookie: string, token: unknown): boolean {
  return isSameSite(request) && typeof token === 'string' && equal(token, csrfToken(sessionCookie));
}

/**
 * By the headers that a browser sets and a page cannot. Under our own policy of no referrer a browser says `Origin: null`
 * of our own forms too, so only an origin that is named and another's speaks against a request. Old browsers send neither
 * header: the token decides alone.
 */
export function isSameSite(request: IncomingMessage): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin, host } = request.headers;
  if (origin === undefined || origin === 'null') return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
