import { randomUUID } from 'node:crypto';
import { Form } from '@send/pages';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { ReasonNeeded } from '../case/reasons-given';
import { problemOf, sendProblem } from '../api/problems';
import { PageAnswer } from './page-answer';
import type { CaseworkRequest, CaseworkResponse } from './request';

/** Every failure ends here, and none shows more than it must. Pages get pages, the API gets problem details. */
@Catch()
export class LastResort implements ExceptionFilter {
  private readonly log = new Logger('casework');

  constructor(private readonly answer: PageAnswer) {}

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
    const status = statusOf(failure);
    // The stack only: messages of the database can hold what was typed.
    if (status >= 500)
      this.log.error(
        `${reference} ${request.method} ${request.route === undefined ? '' : String((request.route as { path?: string }).path)} ${traceOf(failure)}`,
      );
    if (status === 401) {
      response.redirect(303, '/sign-in');
      return;
    }
    await this.page(request, response, status, reference);
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
        return refused(
          'This form is no longer valid',
          'You may have signed out or signed in again since it was opened. Nothing was changed.',
          'Go back, reload the page and send it again.',
        );
      case 405:
        return refused('This cannot be done here', 'Nothing was changed.');
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
      case 429:
        return refused('Too many tries', 'Wait a few minutes, then try again.');
      default: {
        const form = new Form(request.body);
        const kept =
          request.method === 'POST'
            ? form
                .names()
                .filter((name) => name !== '_csrf')
                .map((name) => ({ name, value: form.text(name) }))
            : [];
        return this.answer.sendWhatever(
          request,
          response,
          'something-wrong.view.njk',
          { title: 'Something went wrong', reference, kept, keptFor: request.path },
          500,
        );
      }
    }
  }
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
