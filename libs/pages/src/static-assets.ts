import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { projectRoot } from './project-root';

const require = createRequire(import.meta.url);

interface Asset {
  readonly body: Buffer;
  readonly zipped: Buffer;
  readonly type: string;
  readonly tag: string;
}

/** A local council is not GOV.UK: neither its font nor its @font-face may reach a browser. */
const ownFont = (css: string): string =>
  css
    .replace(/@font-face\{[^}]*\}/g, '')
    .replace(/"?GDS Transport"?,/g, '')
    .replace(/^@charset "UTF-8";/, '');

/**
 * Styles in one file, the scripts of both component packages, and their pictures, from memory and packed. Mount it at
 * /assets.
 */
export function staticAssets(): (request: IncomingMessage, response: ServerResponse, next: () => void) => void {
  const govuk = join(dirname(require.resolve('govuk-frontend/package.json')), 'dist/govuk');
  const moj = join(dirname(require.resolve('@ministryofjustice/frontend/package.json')), 'moj');
  const own = join(projectRoot(), 'libs/pages/src/assets');
  const text = (...path: string[]) => readFileSync(join(...path), 'utf8').replace(/\/\*# sourceMappingURL=.*?\*\//, '');
  const script = (...path: string[]) => text(...path).replace(/\/\/# sourceMappingURL=.*$/m, '');
  const known = new Map<string, Asset>([
    [
      '/pages.css',
      asset(
        ownFont(text(govuk, 'govuk-frontend.min.css')) +
          ownFont(text(moj, 'moj-frontend.min.css')) +
          text(own, 'pages.css'),
        'text/css',
      ),
    ],
    ['/letter.css', asset(text(own, 'letter.css'), 'text/css')],
    ['/govuk-frontend.js', asset(script(govuk, 'govuk-frontend.min.js'), 'text/javascript')],
    ['/moj-frontend.js', asset(script(moj, 'moj-frontend.min.js'), 'text/javascript')],
    ['/start.js', asset(text(own, 'start.js'), 'text/javascript')],
    ['/session.js', asset(text(own, 'session.js'), 'text/javascript')],
    ['/icon.svg', asset(text(own, 'icon.svg'), 'image/svg+xml')],
  ]);
  const pictures = join(moj, 'assets/images');
  return (request, response, next) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const found = known.get(path) ?? picture(pictures, path, known);
    if (found === undefined) return next();
    response.setHeader('Content-Type', found.type.startsWith('image/') ? found.type : `${found.type}; charset=utf-8`);
    response.setHeader('Cache-Control', 'public, max-age=3600');
    response.setHeader('ETag', found.tag);
    response.setHeader('Vary', 'Accept-Encoding');
    if (request.headers['if-none-match'] === found.tag) {
      response.statusCode = 304;
      return void response.end();
    }
    const zip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    if (zip) response.setHeader('Content-Encoding', 'gzip');
    response.end(request.method === 'HEAD' ? undefined : zip ? found.zipped : found.body);
  };
}

function picture(folder: string, path: string, known: Map<string, Asset>): Asset | undefined {
  const name = /^\/images\/([a-z0-9-]+)\.(svg|png)$/.exec(path);
  if (name === null) return undefined;
  try {
    const read = asset(
      readFileSync(join(folder, `${name[1]}.${name[2]}`)),
      name[2] === 'svg' ? 'image/svg+xml' : 'image/png',
    );
    known.set(path, read);
    return read;
  } catch {
    return undefined;
  }
}

function asset(content: string | Buffer, type: string): Asset {
  const body = Buffer.from(content);
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { body, zipped: gzipSync(body), type, tag };
}
