import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface HeaderOptions {
  /** The service is reached over TLS: browsers are told to use nothing else for a year. */
  readonly tls: boolean;
  /** Origins a form may end at besides our own: a browser asks this of redirects too. */
  readonly formAction?: readonly string[];
}

export interface WithNonce extends ServerResponse {
  locals: { cspNonce?: string } & Record<string, unknown>;
}

/** The headers of every answer. The nonce of a page's one script that stands in it is in `response.locals.cspNonce`. */
export function securityHeaders({ tls, formAction = [] }: HeaderOptions) {
  return (_request: IncomingMessage, response: WithNonce, next: () => void): void => {
    const nonce = randomBytes(16).toString('base64');
    response.locals.cspNonce = nonce;
    response.removeHeader('X-Powered-By');
    const policy = [
      "default-src 'none'",
      `script-src 'self' 'nonce-${nonce}'`,
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      `form-action ${["'self'", ...formAction].join(' ')}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "object-src 'none'",
    ];
    response.setHeader('Content-Security-Policy', policy.join('; '));
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('X-Frame-Options', 'DENY');
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    response.setHeader(
      'Permissions-Policy',
      'camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()',
    );
    response.setHeader('Cache-Control', 'no-store');
    if (tls) response.setHeader('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
    next();
  };
}
