import { type Actor } from '@send/access';
import { findSettings } from '@send/case-file';
import {
  chase,
  chooseSchool,
  fileKinds,
  type FileKind,
  type Imported,
  importFile,
  type Problem,
  reviewSchools,
  schoolCohortOn,
  timetablesOn,
} from '@send/cohort';
import { type Clock, Engine } from '@send/engine';
import { type FieldError, Form } from '@send/pages';
import { isDay } from '@send/statute';
import { Body, Controller, Get, HttpStatus, Inject, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { CohortDoor } from './cohort-door';

const back = { href: '/cohort', text: 'Exclusion-risk cohort' };
const most = 500;

/** Files of suspensions, attendance and timetables; the register of part-time timetables; the cohort of schools. */
@Controller('cohort')
export class WhatSchoolsSendController {
  constructor(
    private readonly door: CohortDoor,
    private readonly engine: Engine,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('import')
  ask(@Acting() actor: Actor, @Req() request: CaseworkRequest, @Res() response: CaseworkResponse): Promise<void> {
    return this.importPage(actor, request, response, { typed: { asOf: this.clock.today() }, errors: [] });
  }

  @Post('import')
  async take(
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const form = new Form(body);
    const today = this.clock.today();
    const kind = form.choice('kind', Object.keys(fileKinds) as FileKind[]);
    const [source, coversFrom, asOf, text] = (['source', 'coversFrom', 'asOf', 'text'] as const).map((one) => form.text(one)) as [string, string, string, string]; // prettier-ignore
    const typed = { kind: form.text('kind'), source, coversFrom, asOf, text, agreed: form.text('agreed') };
    const errors: FieldError[] = [
      ...(kind === undefined ? [{ field: 'kind', message: 'Select what the file holds' }] : []),
      ...(source.length < 2 || source.length > 200
        ? [{ field: 'source', message: 'Enter who sent it, in 2 to 200 characters' }]
        : []),
      ...(isDay(coversFrom) && coversFrom <= asOf
        ? []
        : [{ field: 'coversFrom', message: 'The first day must be a date like 2026-09-01, and not after the last' }]),
      ...(isDay(asOf) && asOf <= today
        ? []
        : [{ field: 'asOf', message: 'The last day must be a date like 2026-11-20, today or in the past' }]),
      ...(text === '' ? [{ field: 'text', message: 'Paste the lines of the file, the column names first' }] : []),
    ];
    if (kind === undefined || errors.length > 0) return this.importPage(actor, request, response, { typed, errors });
    const file = { kind, fileName: `${kind}.csv`, text: `${text}\n`, source, coversFrom, asOf };
    const outcome = await this.door.within(actor, (tx) =>
      importFile(tx, this.engine, actor, today, {
        ...file,
        ...(kind === 'part-time' && typed.agreed === 'yes' ? { agreedByUs: true } : {}),
      }),
    );
    if ('problems' in outcome)
      return this.importPage(actor, request, response, {
        typed,
        errors: [
          {
            field: 'text',
            message: `Nothing was taken: ${outcome.problems.length} ${outcome.problems.length === 1 ? 'fault' : 'faults'} to put right first`,
          },
        ],
        problems: outcome.problems,
      });
    return this.importPage(actor, request, response, {
      typed: { asOf: today },
      errors: [],
      imported: outcome.imported,
    });
  }

  @Get('part-time')
  partTime(@Acting() actor: Actor, @Req() request: CaseworkRequest, @Res() response: CaseworkResponse): Promise<void> {
    return this.partTimePage(actor, request, response, []);
  }

  @Post('part-time/:id')
  async chased(
    @Param('id') id: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!/^[0-9a-f-]{36}$/i.test(id)) throw new NotFoundException();
    const how = new Form(body).text('how');
    if (how.length < 2 || how.length > 300)
      return this.partTimePage(actor, request, response, [
        { field: `how-${id}`, message: 'Enter how the school was chased, in 2 to 300 characters' },
      ]);
    const known = await this.door.within(actor, (tx) => chase(tx, actor, id, this.clock.today(), how));
    if (!known) throw new NotFoundException();
    response.redirect(HttpStatus.SEE_OTHER, '/cohort/part-time');
  }

  @Get('schools')
  schools(@Acting() actor: Actor, @Req() request: CaseworkRequest, @Res() response: CaseworkResponse): Promise<void> {
    return this.schoolsPage(actor, request, response, {}, []);
  }

  @Post('schools')
  async choose(
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const form = new Form(body);
    const typed = { school: form.text('school'), why: form.text('why') };
    const errors: FieldError[] = [
      ...(/^[0-9a-f-]{36}$/i.test(typed.school) ? [] : [{ field: 'school', message: 'Select a school' }]),
      ...(typed.why.length >= 3 && typed.why.length <= 600
        ? []
        : [{ field: 'why', message: 'Enter why it is chosen, in 3 to 600 characters' }]),
    ];
    if (errors.length > 0) return this.schoolsPage(actor, request, response, typed, errors);
    const chosen = await this.door.within(actor, (tx) =>
      chooseSchool(tx, actor, typed.school, this.clock.today(), typed.why),
    );
    if (!chosen)
      return this.schoolsPage(actor, request, response, typed, [
        { field: 'school', message: 'This school is in the cohort already, or there are twenty schools in it' },
      ]);
    response.redirect(HttpStatus.SEE_OTHER, '/cohort/schools');
  }

  @Post('schools/review')
  async review(
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const note = new Form(body).text('note');
    if (note.length < 3 || note.length > 5000)
      return this.schoolsPage(actor, request, response, { note }, [
        { field: 'note', message: 'Enter what the review found, in 3 to 5,000 characters' },
      ]);
    const kept = await this.door.within(actor, (tx) => reviewSchools(tx, actor, this.clock.today(), note));
    if (!kept)
      return this.schoolsPage(actor, request, response, { note }, [
        { field: 'note', message: 'A review of today is on record already' },
      ]);
    response.redirect(HttpStatus.SEE_OTHER, '/cohort/schools');
  }

  private async importPage(
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    found: {
      typed: Record<string, string>;
      errors: readonly FieldError[];
      problems?: readonly Problem[];
      imported?: Imported;
    },
  ): Promise<void> {
    await this.door.within(actor, () => Promise.resolve());
    const kinds = Object.entries(fileKinds);
    await this.answer.send(request, response, 'cohort/import.view.njk', {
      title: 'Import what schools send',
      back,
      ...found,
      problems: found.problems?.slice(0, most),
      more: Math.max(0, (found.problems?.length ?? 0) - most),
      kindOptions: kinds.map(([value, { label }]) => ({ value, text: label })),
      columns: kinds.map(([, { label, columns }]) => ({
        label,
        columns: columns.map((column) => column.replace('?', ' (may be left out)')),
      })),
    });
  }

  private async partTimePage(
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    errors: readonly FieldError[],
  ): Promise<void> {
    const timetables = await this.door.read(actor, 'part-time timetables', (tx) =>
      timetablesOn(tx, this.clock.today()),
    );
    await this.answer.send(request, response, 'cohort/part-time.view.njk', {
      title: 'Part-time timetables',
      back,
      timetables,
      errors,
    });
  }

  private async schoolsPage(
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    typed: Record<string, string>,
    errors: readonly FieldError[],
  ): Promise<void> {
    const today = this.clock.today();
    const { cohort, all } = await this.door.read(actor, 'school cohort', async (tx) => ({
      cohort: await schoolCohortOn(tx, today),
      all: await findSettings(tx, '', 500),
    }));
    await this.answer.send(request, response, 'cohort/schools.view.njk', {
      title: 'Schools in the cohort',
      back,
      cohort,
      schools: [{ value: '', text: 'Select a school' }, ...all.map(({ id, name }) => ({ value: id, text: name }))],
      typed,
      errors,
    });
  }
}
