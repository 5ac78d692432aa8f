import { CaseFile } from '@send/case-file';
import { Database, newId } from '@send/database';
import { type Clock, Engine, type NotDone } from '@send/engine';
import { type FieldError, Form } from '@send/pages';
import { type Answer, AuditDesk, ItemDesk, SittingDesk } from '@send/panels';
import type { Field } from '@send/workflow-kit';
import { Inject, Injectable, NotFoundException } from '@nestjs/common';
import { PageAnswer } from '../frame/page-answer';
import type { CaseworkRequest, CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { bodyOf, type Choices, errorsOf, questionsOf, sentence } from './panel-forms';

/** One form of the panels' pages: its words, its fields, and what it does. */
export interface PanelForm {
  readonly title: string;
  readonly caption?: string;
  readonly lead?: readonly string[];
  readonly action: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly choices?: Choices;
  readonly button: string;
  readonly warning?: boolean;
  readonly back: { readonly href: string; readonly text: string };
  /** What stands in it before anybody has typed. */
  readonly filled?: Readonly<Record<string, string>>;
}

/** What all pages of the panels have in common: the desks, the forms, and how a refusal is said. */
@Injectable()
export class PanelPages {
  readonly items: ItemDesk;
  readonly sittings: SittingDesk;
  readonly audits: AuditDesk;

  constructor(
    database: Database,
    engine: Engine,
    readonly caseFile: CaseFile,
    readonly answer: PageAnswer,
    @Inject(CLOCK) readonly clock: Clock,
  ) {
    this.items = new ItemDesk(database, engine, clock);
    this.sittings = new SittingDesk(database, engine, clock);
    this.audits = new AuditDesk(database, engine, clock);
  }

  /** The result; what is not there is not found, and what may not be done has a page that says so. */
  async result<T>(
    request: CaseworkRequest,
    response: CaseworkResponse,
    answer: Answer<T>,
    onward = { text: 'Back to panels', href: '/panels' },
  ): Promise<T | undefined> {
    if (answer.done) return answer.result;
    await this.refused(request, response, answer, onward);
    return undefined;
  }

  async refused(
    request: CaseworkRequest,
    response: CaseworkResponse,
    { refusal }: NotDone,
    onward: { text: string; href: string },
  ): Promise<void> {
    if (refusal.kind === 'not-found') throw new NotFoundException();
    const forbidden = refusal.kind === 'forbidden';
    await this.answer.send(
      request,
      response,
      'refused.view.njk',
      {
        title: forbidden ? 'You cannot do this' : 'This cannot be done now',
        lines: [sentence(refusal.message), 'Nothing was changed.'],
        onward,
      },
      forbidden ? 403 : 409,
    );
  }

  show(
    request: CaseworkRequest,
    response: CaseworkResponse,
    form: PanelForm,
    typed: Form = new Form(form.filled ?? {}),
    errors: readonly FieldError[] = [],
    status?: number,
  ): Promise<void> {
    const key = typed.text('key');
    return this.answer.send(
      request,
      response,
      'panels/form.view.njk',
      {
        ...form,
        lead: form.lead ?? [],
        errors,
        key: /^[0-9a-f-]{36}$/.test(key) ? key : newId(),
        questions: questionsOf(form.fields, typed, errors, form.choices),
      },
      status,
    );
  }

  /** Reads what was sent, does it, and leads on; or shows the form again with what was typed and what is wrong. */
  async take<T>(
    request: CaseworkRequest,
    response: CaseworkResponse,
    form: PanelForm,
    sent: unknown,
    act: (body: Readonly<Record<string, unknown>>, key: string) => Promise<Answer<T>>,
    onward: (result: T) => string,
  ): Promise<void> {
    const typed = new Form(sent);
    const { body, wrong } = bodyOf(form.fields, typed);
    const key = typed.text('key');
    const answer = await act(body, /^[0-9a-f-]{36}$/.test(key) ? key : newId());
    if (answer.done && wrong.length === 0) return response.redirect(303, onward(answer.result));
    if (answer.done) throw new Error('A form with a fault in it was taken');
    const { refusal } = answer;
    if (refusal.kind === 'not-found' || refusal.kind === 'forbidden')
      return this.refused(request, response, answer, { text: form.back.text, href: form.back.href });
    const errors = errorsOf(refusal, form.fields, wrong);
    await this.show(request, response, form, typed, errors, refusal.kind === 'invalid' ? 422 : 409);
  }
}
