import { randomBytes } from 'node:crypto';
import type { Authority } from '@send/access';
import { type OnlineAnswers, OnlineForm, onlineDates, type Typed } from '@send/case-file';
import type { Clock } from '@send/engine';
import { csrfField, csrfToken, type FieldError, Form, isOurOwn, readCookie, setCookie } from '@send/pages';
import { Body, Controller, Get, HttpStatus, Inject, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import type { CaseworkConfig } from '../config';
import { PageAnswer, type PageValues } from '../frame/page-answer';
import { RateLimits } from '../frame/rate-limit';
import { type CaseworkRequest, type CaseworkResponse, OpenToAll } from '../frame/request';
import { CLOCK, CONFIG } from '../frame/surroundings';
import { askCookie } from './for-families';
import { readAnswers, readStep } from './read-answers';
import {
  askedByOf,
  everyStep,
  type Question,
  type Step,
  stepFor,
  type StepId,
  stepsFor,
  typedOn,
  wasSeen,
} from './steps';
import { summaryOf } from './summary';

const formName = 'Ask for an EHC needs assessment';
const secretShape = /^[A-Za-z0-9_-]{43}$/;

/** One person on their way through the form of one council. */
interface Visit {
  readonly authority: Authority;
  readonly base: string;
  /** The value of their browser's cookie; undefined before the first question. */
  readonly secret: string | undefined;
}

/**
 * Parents, young people and schools ask for an assessment here without an account. Answers are kept from page to page under
 * a secret that their browser alone holds; nothing that is known of any child is ever read, so nothing can be shown.
 */
@Controller()
@OpenToAll()
export class PublicRequestController {
  constructor(
    private readonly form: OnlineForm,
    private readonly answer: PageAnswer,
    private readonly limits: RateLimits,
    @Inject(CONFIG) private readonly config: CaseworkConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('ask-for-an-assessment')
  async councils(@Req() request: CaseworkRequest, @Res() response: CaseworkResponse): Promise<void> {
    await this.answer.send(request, response, 'public-request/councils.view.njk', {
      title: formName,
      authorities: await this.form.authorities(),
    });
  }

  @Get(':authority/ask-for-an-assessment')
  async start(
    @Param('authority') id: string,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const visit = await this.visit(id, request);
    await this.page(request, response, visit, 'start', {
      title: formName,
      dates: onlineDates(this.clock.today()),
    });
  }

  @Get(':authority/ask-for-an-assessment/about')
  async about(
    @Param('authority') id: string,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const visit = await this.visit(id, request);
    await this.page(request, response, visit, 'about', { title: 'About this form' });
  }

  @Get(':authority/ask-for-an-assessment/check')
  async check(
    @Param('authority') id: string,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const visit = await this.visit(id, request);
    const draft = await this.draft(visit);
    if (draft === undefined) return this.ended(request, response, visit);
    if ('sent' in draft) return response.redirect(HttpStatus.SEE_OTHER, `${visit.base}/sent`);
    const read = readAnswers(draft.typed, this.clock.today());
    if ('unfinished' in read) return response.redirect(HttpStatus.SEE_OTHER, questionAt(visit, read.unfinished));
    await this.page(request, response, visit, 'check', {
      title: 'Check your answers',
      leave: true,
      back: { href: questionAt(visit, 'worries') },
      parts: summaryOf(read.answers),
      dates: onlineDates(this.clock.today()),
    });
  }

  @Post(':authority/ask-for-an-assessment/send')
  async send(
    @Param('authority') id: string,
    @Body() body: unknown,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const visit = await this.visit(id, request);
    if (!this.isOwn(request, body, visit)) return this.notOwn(request, response, visit);
    const draft = await this.draft(visit);
    if (draft === undefined || visit.secret === undefined) return this.ended(request, response, visit);
    if ('typed' in draft) {
      const read = readAnswers(draft.typed, this.clock.today());
      if ('unfinished' in read) return response.redirect(HttpStatus.SEE_OTHER, questionAt(visit, read.unfinished));
      await this.limits.count('submission', request.ip ?? '');
    }
    const complete = (typed: Typed): OnlineAnswers | undefined => {
      const read = readAnswers(typed, this.clock.today());
      return 'answers' in read ? read.answers : undefined;
    };
    const sent = await this.form.send(visit.authority.id, visit.secret, complete, {
      on: this.clock.today(),
      at: this.clock.now(),
    });
    response.redirect(HttpStatus.SEE_OTHER, `${visit.base}/${sent === undefined ? 'check' : 'sent'}`);
  }

  @Get(':authority/ask-for-an-assessment/sent')
  async sent(
    @Param('authority') id: string,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const visit = await this.visit(id, request);
    const draft = await this.draft(visit);
    if (draft === undefined) return this.ended(request, response, visit);
    if ('typed' in draft) return response.redirect(HttpStatus.SEE_OTHER, `${visit.base}/check`);
    await this.page(request, response, visit, 'sent', {
      title: 'We have your request',
      sent: draft.sent,
      own: draft.sent.askedBy === 'parent' || draft.sent.askedBy === 'young-person',
      dates: onlineDates(draft.sent.receivedOn),
    });
  }

  @Post(':authority/ask-for-an-assessment/forget')
  async forget(
    @Param('authority') id: string,
    @Body() body: unknown,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const visit = await this.visit(id, request);
    if (!this.isOwn(request, body, visit)) return this.notOwn(request, response, visit);
    if (visit.secret !== undefined) await this.form.forget(visit.authority.id, visit.secret);
    setCookie(response, askCookie, '', { tls: this.config.production });
    await this.said(request, response, visit, 200, {
      title: 'Your answers are deleted',
      lines: ['Nothing was sent. Close this window if others use this computer or phone.'],
    });
  }

  @Get(':authority/ask-for-an-assessment/questions/:step')
  async ask(
    @Param('authority') id: string,
    @Param('step') stepId: string,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const visit = await this.visit(id, request);
    const draft = await this.draft(visit);
    if (stepId === 'who' && (draft === undefined || 'sent' in draft)) {
      // What was sent stays sent: each request has a secret of its own.
      const fresh = { ...visit, secret: this.newSecret(response) };
      return this.question(request, response, fresh, stepFor('who', 'parent'), {}, []);
    }
    if (draft !== undefined && 'sent' in draft) return response.redirect(HttpStatus.SEE_OTHER, `${visit.base}/sent`);
    const step = stepOf(stepId, draft?.typed);
    if (draft === undefined) return this.ended(request, response, visit);
    if (step === undefined) return response.redirect(HttpStatus.SEE_OTHER, `${visit.base}/check`);
    // An answer that another page has made wrong since says so at once.
    const read = wasSeen(draft.typed, step.id) ? readStep(step.id, draft.typed, this.clock.today()) : undefined;
    const errors = read !== undefined && 'errors' in read ? read.errors : [];
    await this.question(request, response, visit, step, draft.typed, errors, HttpStatus.OK);
  }

  @Post(':authority/ask-for-an-assessment/questions/:step')
  async take(
    @Param('authority') id: string,
    @Param('step') stepId: string,
    @Body() body: unknown,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    this.limits.countRequest(`address ${request.ip ?? ''}`);
    const visit = await this.visit(id, request);
    if (visit.secret === undefined || !this.isOwn(request, body, visit)) return this.notOwn(request, response, visit);
    const draft = await this.draft(visit);
    if (draft !== undefined && 'sent' in draft) return response.redirect(HttpStatus.SEE_OTHER, `${visit.base}/sent`);
    const before = draft?.typed ?? {};
    const step = stepOf(stepId, before);
    if (draft === undefined && stepId !== 'who') return this.ended(request, response, visit);
    if (step === undefined) return response.redirect(HttpStatus.SEE_OTHER, `${visit.base}/check`);
    const typed = { ...before, ...typedOn(step, new Form(body), before) };
    const read = readStep(step.id, typed, this.clock.today());
    if ('errors' in read) return this.question(request, response, visit, step, typed, read.errors);
    const kept = await this.form.keep(
      visit.authority.id,
      visit.secret,
      typedOn(step, new Form(body), before),
      this.clock.now(),
    );
    if (!kept) return response.redirect(HttpStatus.SEE_OTHER, `${visit.base}/sent`);
    const rest = readAnswers(typed, this.clock.today());
    response.redirect(
      HttpStatus.SEE_OTHER,
      'unfinished' in rest ? questionAt(visit, rest.unfinished) : `${visit.base}/check`,
    );
  }

  private async visit(id: string, request: CaseworkRequest): Promise<Visit> {
    const authority = await this.form.authority(id);
    if (authority === undefined) throw new NotFoundException();
    const given = readCookie(request, askCookie, this.config.production);
    return {
      authority,
      base: `/${authority.id}/ask-for-an-assessment`,
      secret: given !== undefined && secretShape.test(given) ? given : undefined,
    };
  }

  private draft({ authority, secret }: Visit) {
    return secret === undefined ? undefined : this.form.draft(authority.id, secret, this.clock.now());
  }

  private newSecret(response: CaseworkResponse): string {
    const secret = randomBytes(32).toString('base64url');
    setCookie(response, askCookie, secret, { tls: this.config.production });
    return secret;
  }

  private isOwn(request: CaseworkRequest, body: unknown, { secret }: Visit): boolean {
    return secret !== undefined && isOurOwn(request, secret, new Form(body).text(csrfField));
  }

  private question(
    request: CaseworkRequest,
    response: CaseworkResponse,
    visit: Visit,
    step: Step,
    typed: Typed,
    errors: readonly FieldError[],
    status?: number,
  ): Promise<void> {
    const steps = stepsFor(typed);
    const before = steps[steps.indexOf(step.id) - 1];
    const values = {
      title: step.title,
      errors,
      leave: true,
      back: { href: before === undefined ? visit.base : questionAt(visit, before) },
      step: step.id,
      lead: step.lead ?? [],
      questions: step.questions.map((question) => filled(question, typed, errors)),
      begun: askedByOf(typed) !== undefined,
    };
    return this.page(request, response, visit, 'question', values, status);
  }

  private page(
    request: CaseworkRequest,
    response: CaseworkResponse,
    { authority, base, secret }: Visit,
    view: string,
    values: PageValues,
    status?: number,
  ): Promise<void> {
    return this.answer.send(
      request,
      response,
      `public-request/${view}.view.njk`,
      { ...values, authority, base, csrf: secret === undefined ? '' : csrfToken(secret) },
      status,
    );
  }

  private said(
    request: CaseworkRequest,
    response: CaseworkResponse,
    visit: Visit,
    status: number,
    values: { title: string; lines: readonly string[] },
  ): Promise<void> {
    const onward = { text: 'Go to the start of the form', href: visit.base };
    return this.page(request, response, visit, 'said', { ...values, onward }, status);
  }

  private ended(request: CaseworkRequest, response: CaseworkResponse, visit: Visit): Promise<void> {
    return this.said(request, response, visit, HttpStatus.GONE, {
      title: 'Your answers are no longer here',
      lines: [
        'We keep answers for a day after the last one, in the browser where they were typed. Unless you saw a reference, nothing was sent.',
        'We are sorry that you have to start again.',
      ],
    });
  }

  private notOwn(request: CaseworkRequest, response: CaseworkResponse, visit: Visit): Promise<void> {
    return this.said(request, response, visit, HttpStatus.FORBIDDEN, {
      title: 'We could not take that page',
      lines: [
        'Nothing was sent. The form needs one cookie to keep your answers together: your browser may have lost it, or may refuse it.',
        'Allow cookies for this site, go to the start of the form, and try again.',
      ],
    });
  }
}

const questionAt = ({ base }: Visit, id: StepId): string => `${base}/questions/${id}`;

/** The page of that name, if this person meets it. */
function stepOf(id: string, typed: Typed | undefined): Step | undefined {
  const askedBy = askedByOf(typed ?? {});
  const known: StepId | undefined = stepsFor(typed ?? {}).find((one) => one === id);
  if (known === undefined && !everyStep.has(id)) throw new NotFoundException();
  return known === undefined ? undefined : stepFor(known, askedBy ?? 'parent');
}

function filled(question: Question, typed: Typed, errors: readonly FieldError[]) {
  const error = errors.find((one) => one.field === question.name)?.message;
  const part = (name: string) => typed[`${question.name}-${name}`] ?? '';
  return {
    ...question,
    value: typed[question.name] ?? '',
    parts: { day: part('day'), month: part('month'), year: part('year') },
    ...(error === undefined ? {} : { error }),
  };
}
