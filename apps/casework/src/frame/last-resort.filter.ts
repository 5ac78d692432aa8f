import { randomUUID } from 'node:crypto';
import { Form, isSafe, isSameSite } from '@send/pages';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject, Logger } from '@nestjs/common';
import { ReasonNeeded } from '../case/reasons-given';
import { problemOf, sendProblem } from '../api/problems';
import type { Routes } from '../api/routes';
import { PageAnswer } from './page-answer';
import { type Limited, TooMany, waitInWords } from './rate-limit';
import { type CaseworkRequest, type CaseworkResponse, PAGE_ROUTES } from './request';
import { withWayBack } from './way-back';

/** Every failure ends here, and none shows more than it must. Pages get pages, the API gets problem details. */
@Catch()
export class LastResort implements ExceptionFilter {
  private readonly log = new Logger('casework');

  constructor(
    private readonly answer: PageAnswer,
    @Inject(PAGE_ROUTES) private readonly routes: Routes,
  ) {}

  async catch(failure: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<CaseworkRequest>();
    const response = host.switchToHttp().getResponse<CaseworkResponse>();
    if (response.headersSent) return void response.end();
    if (failure instanceof ReasonNeeded) {
      await this.answer.sendWhatever(
        request,
        response,
        'case/reason.view.njk',
        { title: 'Why do you need to open this case?', caseId: failure.caseId },
        403,
      );
      return;
    }
    const reference = request.requestId ?? randomUUID();
    if (/^\/api(\/|$)/i.test(request.path)) return sendProblem(response, problemOf(failure, reference), reference);
    const offered = this.methodsInstead(failure, request);
    if (offered !== undefined) response.setHeader('Allow', offered);
    const status = offered === undefined ? statusOf(failure) : 405;
    // The stack only: messages of the database can hold what was typed.
    if (status >= 500)
      this.log.error(
        `${reference} ${request.method} ${request.route === undefined ? '' : String((request.route as { path?: string }).path)} ${traceOf(failure)}`,
      );
    if (failure instanceof TooMany) {
      response.setHeader('Retry-After', String(failure.seconds));
      const { title, lines } = tooMany(failure);
      await this.answer.sendWhatever(request, response, 'refused.view.njk', { title, lines, ...keptOf(request) }, 429);
      return;
    }
    if (status === 401) return this.signInFirst(request, response);
    await this.page(request, response, status, reference);
  }

  /** What was typed is not lost with the session: it waits in the page, and goes on under the next one. */
  private async signInFirst(request: CaseworkRequest, response: CaseworkResponse): Promise<void> {
    if (isSafe(request.method)) {
      const page = request.sessionEnded === true ? '/signed-out' : '/sign-in';
      response.redirect(303, withWayBack(page, request.originalUrl));
      return;
    }
    const values = { title: 'You have been signed out', ...keptOf(request), newTab: true };
    await this.answer.sendWhatever(request, response, 'sign-in/session-ended.view.njk', values, 403);
  }

  /** The methods of an address that is known, where it was sent one that it does not take. */
  private methodsInstead(failure: unknown, request: CaseworkRequest): string | undefined {
    if (request.route !== undefined || statusOf(failure) !== 404) return undefined;
    const methods = this.routes.methodsOf(request.path);
    return methods.length === 0 || methods.includes(request.method) ? undefined : methods.join(', ');
  }

  private page(request: CaseworkRequest, response: CaseworkResponse, status: number, reference: string): Promise<void> {
    const refused = (title: string, ...lines: string[]) =>
      this.answer.sendWhatever(request, response, 'refused.view.njk', { title, lines }, status);
    switch (status) {
      case 404:
        return this.answer.sendWhatever(request, response, 'not-found.view.njk', { title: 'Page not found' }, 404);
      case 400:
        return refused('We could not read that', 'Nothing was changed. Go back and try again.');
      case 403:
        return this.answer.sendWhatever(
          request,
          response,
          'refused.view.njk',
          {
            title: 'This form is no longer valid',
            lines: [
              'You may have signed out or signed in again since it was opened. Nothing was changed.',
              ...(keptOf(request).kept === undefined
                ? ['Go back, reload the page and send it again.']
                : ['Your answers are kept on this page. If you want to send them, select “Send my answers again”.']),
            ],
            ...keptOf(request),
          },
          403,
        );
      case 405:
        return refused(
          'This page cannot be used in this way',
          'The address is right, but it was opened or sent in a way that it does not take. Nothing was changed.',
          'Go back, and use the links and buttons of the page.',
        );
      case 413:
        return refused(
          'That was too much at once',
          'What you sent is larger than a form may be. Nothing was changed.',
          'Shorten it, or add the long parts as documents.',
        );
      case 414:
        return refused('That address is too long', 'Nothing was changed.');
      case 415:
        return refused(
          'We could not read that',
          'The form was sent in a way this service does not read. Nothing was changed.',
        );
      default:
        return this.answer.sendWhatever(
          request,
          response,
          'something-wrong.view.njk',
          { title: 'Something went wrong', reference, ...keptOf(request) },
          500,
        );
    }
  }
}

/** The answers of a form of ours, to be sent once more by a button; never those of another site's. */
function keptOf(request: CaseworkRequest): {
  kept?: { name: string; value: string }[];
  keptFor?: string;
  keptButton?: string;
} {
  if (request.method !== 'POST' || !isSameSite(request)) return {};
  const kept = new Form(request.body).kept();
  return kept.length === 0 ? {} : { kept, keptFor: request.path, keptButton: 'Send my answers again' };
}

function tooMany({ what, seconds }: TooMany): { title: string; lines: string[] } {
  const wait = `Wait ${waitInWords(seconds)}, then try again.`;
  const said: Readonly<Record<Limited, readonly [title: string, line: string]>> = {
    signIn: ['You have signed in too many times', 'To keep accounts safe, we limit how often one person can sign in.'],
    failedSignIn: [
      'Too many sign-ins have failed',
      'To keep accounts safe, we limit how many sign-ins can fail from one place.',
    ],
    search: [
      'You have searched too many times',
      'To keep records safe, we limit how many searches you can make in a minute.',
    ],
    submission: [
      'Too many forms have been sent',
      'To stop misuse, we limit how many forms can be sent from one place in an hour.',
    ],
    request: ['Too many requests', 'We limit how much can be asked for in a minute.'],
  };
  const [title, line] = said[what];
  return { title, lines: [line, `Nothing was lost. ${wait}`] };
}

function statusOf(failure: unknown): number {
  if (failure instanceof HttpException) return failure.getStatus();
  // Errors of reading a body carry their status; a broken escape in an address has one too.
  const status = typeof failure === 'object' && failure !== null && 'status' in failure ? Number(failure.status) : 500;
  return status >= 400 && status < 500 ? status : 500;
}

const traceOf = (failure: unknown): string =>
  failure instanceof Error
    ? `${failure.name} ${(failure.stack ?? '')
        .split('\n')
        .slice(1, 8)
        .map((line) => line.trim())
        .join(' < ')}`
    : typeof failure;
