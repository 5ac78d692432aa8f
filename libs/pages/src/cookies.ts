import type { IncomingMessage, ServerResponse } from 'node:http';

export interface CookieOptions {
  readonly tls: boolean;
  /** Seconds; without it the cookie ends with the browser's session. */
  readonly maxAge?: number;
}

/** Behind TLS the prefix ties a cookie to this host and to TLS; without it a browser would refuse that name. */
export const cookieName = (name: string, tls: boolean): string => (tls ? `__Host-${name}` : name);

export function readCookie(request: IncomingMessage, name: string, tls: boolean): string | undefined {
  const wanted = cookieName(name, tls);
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === wanted) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** `value` holds only characters that need no quoting: ids and signatures. An empty one takes the cookie away. */
export function setCookie(response: ServerResponse, name: string, value: string, { tls, maxAge }: CookieOptions): void {
  const age = value === '' ? 0 : maxAge;
  const parts = [`${cookieName(name, tls)}=${value}`, 'Path=/', 'HttpOnly', 'SameSite=Lax'];
  if (tls) parts.push('Secure');
  if (age !== undefined) parts.push(`Max-Age=${age}`);
  response.appendHeader('Set-Cookie', parts.join('; '));
}
