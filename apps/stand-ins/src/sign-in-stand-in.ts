import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Role, roles, type Sessions } from '@send/access';
import { Form, PageWriter, securityHeaders, staticAssets, type WithNonce, writeSignInCode } from '@send/pages';

export interface StandInOptions {
  readonly sessions: Sessions;
  readonly secret: string;
  /** The one place a person is sent back to. */
  readonly backTo: string;
  readonly today: () => string;
}

const offered: readonly Role[] = ['CW', 'SM', 'AD'];

/** A sign-in where one chooses who to be. It gives the same kind of answer that a council's own would lead to. */
export function signInStandIn({ sessions, secret, backTo, today }: StandInOptions) {
  const writer = new PageWriter([]);
  const headers = securityHeaders({ tls: false, formAction: [backTo] });
  const assets = staticAssets();

  async function people() {
    const found = await sessions.authorities();
    return Promise.all(
      found.map(async ({ id, name }) => {
        const staff = await sessions.choices(id, today());
        return {
          id,
          name,
          people: offered.flatMap((role) =>
            staff
              .filter((one) => one.roles.includes(role))
              .slice(0, 3)
              .map((one) => ({ id: one.id, name: one.name, role: roles[role], title: one.jobTitle })),
          ),
        };
      }),
    );
  }

  async function page(response: WithNonce, state: string, error?: string): Promise<void> {
    const frame = {
      serviceName: 'Sign in to SEND casework',
      cspNonce: response.locals.cspNonce ?? '',
      demonstration: true,
      today: today(),
    };
    response.statusCode = error === undefined ? 200 : 422;
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(
      writer.write('choose-person.view.njk', {
        frame,
        title: 'Choose who to sign in as',
        state,
        authorities: await people(),
        askAt: `${backTo}/ask-for-an-assessment`,
        errors: error === undefined ? [] : [{ field: 'person', message: error }],
      }),
    );
  }

  async function answer(request: IncomingMessage, response: WithNonce): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    if (url.pathname === '/' && request.method === 'GET') return redirect(response, `${backTo}/sign-in`);
    if (url.pathname !== '/sign-in') return void response.writeHead(404).end();
    if (request.method === 'GET') return page(response, (url.searchParams.get('state') ?? '').slice(0, 100));
    if (request.method !== 'POST') return void response.writeHead(405, { Allow: 'GET, POST' }).end();
    const form = new Form(Object.fromEntries(new URLSearchParams(await bodyOf(request))));
    const [authority = '', staffId = ''] = form.text('person').split(' ');
    const chosen = (await people()).some(
      (one) => one.id === authority && one.people.some((person) => person.id === staffId),
    );
    if (!chosen) return page(response, form.text('state'), 'Select who to sign in as');
    const code = writeSignInCode(secret, { authority, staffId, state: form.text('state') }, new Date());
    redirect(response, `${backTo}/sign-in/back?${new URLSearchParams({ code }).toString()}`);
  }

  return (request: IncomingMessage, plain: ServerResponse): void => {
    const response: WithNonce = Object.assign(plain, { locals: {} });
    headers(request, response, () => {
      if (request.url?.startsWith('/assets/')) {
        request.url = request.url.slice('/assets'.length);
        return assets(request, response, () => void response.writeHead(404).end());
      }
      answer(request, response).catch(() => {
        if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain' });
        response.end('Something went wrong. Try again.');
      });
    });
  };
}

function redirect(response: ServerResponse, to: string): void {
  response.writeHead(303, { Location: to }).end();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > 10_000) throw new Error('The form is too long');
  }
  return body;
}
