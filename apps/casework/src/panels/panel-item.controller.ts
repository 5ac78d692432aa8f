import type { Actor } from '@send/access';
import { type Form } from '@send/pages';
import {
  type Answer,
  conflictOf,
  conflicts,
  declarationFields,
  type ItemView,
  liftFields,
  paperFields,
  type Said,
} from '@send/panels';
import { formatDay, isDay, londonDay } from '@send/statute';
import type { Field } from '@send/workflow-kit';
import { panelDecisionWorkflow, recommendations } from '@send/workflows';
import { Body, Controller, Get, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { positionsInWords } from './item-words';
import { type PanelForm, PanelPages } from './panel-pages';

const { table } = panelDecisionWorkflow.commands;

/** The fields that a person fills in; what the records know stays out of the form. */
const fieldsOf = (command: keyof typeof table, ...without: readonly string[]): Readonly<Record<string, Field>> =>
  Object.fromEntries(Object.entries(table[command]?.fields ?? {}).filter(([name]) => !without.includes(name)));

const ways = {
  paper: { text: 'Write the paper for the panel', fields: paperFields, button: 'Save the paper' },
  conflict: { text: 'Say whether you have a conflict', fields: declarationFields, button: 'Save' },
  'conflict/lift': {
    text: 'Find that there is no conflict',
    fields: liftFields,
    button: 'Open the case to them again',
  },
  recommendation: {
    text: 'Record what the panel recommends',
    fields: fieldsOf('recordPanelRecommendation', 'sitting', 'criteriaVersion'),
    button: 'Record the recommendation',
  },
  decision: {
    text: 'Sign the decision',
    fields: fieldsOf('signPanelDecision', 'criteriaVersion'),
    button: 'Sign the decision',
  },
  'decision-without-panel': {
    text: 'Decide without the panel',
    fields: fieldsOf('decideWithoutPanel', 'criteriaVersion'),
    button: 'Sign the decision',
  },
  'off-agenda': {
    text: 'Take the case off the agenda',
    fields: fieldsOf('takeOffAgenda', 'sitting'),
    button: 'Take it off',
  },
  withdrawal: {
    text: 'Withdraw the case from the panel',
    fields: fieldsOf('withdrawFromPanel'),
    button: 'Withdraw it',
  },
} as const;
type Way = keyof typeof ways;

const isWay = (way: string): way is Way => Object.hasOwn(ways, way);
const open = ['referred', 'deferred', 'onAgenda', 'heard', 'recommended'];

/** One case before a panel: its pack, and what each may do with it. */
@Controller('panels/items')
export class PanelItemController {
  constructor(private readonly pages: PanelPages) {}

  @Get(':runId')
  async item(
    @Param('runId') runId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const view = await this.pages.result(request, response, await this.pages.items.view(actor, runId));
    if (view === undefined) return;
    await this.pages.answer.send(request, response, 'panels/item.view.njk', {
      title: 'Case before a panel',
      caseReference: view.item.reference,
      ...view,
      called: positionsInWords,
      conflictOf,
      frozenOn: view.pack?.frozenAt == null ? null : londonDay(view.pack.frozenAt),
      runs: actor.roles.includes('SM') || view.tie.chairs,
      said_list: view.said.map(inWords),
      ways: waysFor(actor, view).map((way) => ({ href: way, text: ways[way].text })),
      back:
        view.sitting === undefined
          ? { href: '/panels', text: 'Panels' }
          : { href: `/panels/sittings/${view.sitting.id}`, text: 'The sitting' },
    });
  }

  @Post(':runId/list')
  async list(
    @Param('runId') runId: string,
    @Body() sent: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const form = {
      ...this.formOf(runId, 'withdrawal'),
      fields: { sitting: { kind: 'id', label: 'The sitting' } as const },
    };
    await this.pages.take(
      request,
      response,
      {
        ...form,
        title: 'Put the case on an agenda',
        action: `/panels/items/${runId}/list`,
        button: 'Put it on the agenda',
      },
      sent,
      (body, key) => this.pages.items.list(actor, runId, body, key),
      () => `/panels/items/${runId}`,
    );
  }

  @Get(':runId/conflict/lift')
  lifting(
    @Param('runId') runId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    return this.ask(runId, 'conflict/lift', actor, request, response);
  }

  @Post(':runId/conflict/lift')
  lift(
    @Param('runId') runId: string,
    @Body() sent: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    return this.take(runId, 'conflict/lift', sent, actor, request, response);
  }

  @Get(':runId/:way')
  ask(
    @Param('runId') runId: string,
    @Param('way') way: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    return this.showForm(runId, way, actor, request, response);
  }

  @Post(':runId/:way')
  async take(
    @Param('runId') runId: string,
    @Param('way') way: string,
    @Body() sent: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!isWay(way)) throw new NotFoundException();
    const form = await this.about(runId, way, actor, request, response);
    if (form === undefined) return;
    await this.pages.take(
      request,
      response,
      form,
      sent,
      (body, key) => this.doIt(way, actor, runId, body, key),
      (result) =>
        typeof result === 'object' && result !== null && result.closed ? '/panels' : `/panels/items/${runId}`,
    );
  }

  private async showForm(
    runId: string,
    way: string,
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    typed?: Form,
  ): Promise<void> {
    if (!isWay(way)) throw new NotFoundException();
    const form = await this.about(runId, way, actor, request, response);
    if (form !== undefined) await this.pages.show(request, response, form, typed);
  }

  /** The form with what the records know filled in; the case must be there for this person. */
  private async about(
    runId: string,
    way: Way,
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
  ): Promise<PanelForm | undefined> {
    const view = await this.pages.result(request, response, await this.pages.items.view(actor, runId));
    if (view === undefined) return undefined;
    const form = { ...this.formOf(runId, way), caption: `${view.item.name}, ${view.item.reference}` };
    const recommended = view.said.findLast(({ type }) => type === 'panelRecommended');
    switch (way) {
      case 'paper':
        return {
          ...form,
          lead: [
            'The panel reads this after the child’s and the family’s views. Leave cost out of the question whether to assess.',
          ],
          filled: {
            summary: view.paper?.summary ?? '',
            options: (view.paper?.options ?? []).join('\n\n'),
            ready: view.paper === undefined ? '' : view.paper.readyOn === null ? 'no' : 'yes',
          },
        };
      case 'conflict':
        return {
          ...form,
          lead: [
            `The question is: ${view.item.question}`,
            'A conflict closes the case to you at once. Only somebody else who runs the panel can open it again.',
          ],
        };
      case 'conflict/lift':
        return {
          ...form,
          choices: {
            declaration: view.declarations.flatMap(({ id, name, conflict }) =>
              conflict === null ? [] : [{ value: id, text: `${name}: ${conflicts[conflict]}` }],
            ),
          },
        };
      case 'recommendation':
        return {
          ...form,
          lead: [`The question is: ${view.item.question}`, 'The panel advises. Somebody else signs the decision.'],
          filled: { legalTest: view.legalTest },
        };
      case 'decision':
        return {
          ...form,
          lead:
            recommended === undefined
              ? ['The panel has not recommended anything yet.']
              : inWords(recommended).lines.map(({ label, value }) => `${label}: ${value}`),
          filled: { legalTest: view.legalTest },
        };
      case 'decision-without-panel':
        return {
          ...form,
          lead: ['You can decide at any time: a panel never delays a date.'],
          filled: { legalTest: view.legalTest },
        };
      case 'off-agenda':
      case 'withdrawal':
        return form;
    }
  }

  private formOf(runId: string, way: Way): PanelForm {
    const { text, fields, button } = ways[way];
    return {
      title: text,
      action: `/panels/items/${runId}/${way}`,
      fields,
      button,
      back: { href: `/panels/items/${runId}`, text: 'Back to the case before the panel' },
    };
  }

  private doIt(
    way: Way,
    actor: Actor,
    runId: string,
    body: Readonly<Record<string, unknown>>,
    key: string,
  ): Promise<Answer<{ closed: boolean } | null>> {
    const { items } = this.pages;
    switch (way) {
      case 'paper':
        return items.write(actor, runId, body);
      case 'conflict':
        return items.declare(actor, runId, body);
      case 'conflict/lift':
        return items.liftConflict(actor, runId, body);
      case 'recommendation':
        return items.recommend(actor, runId, body, key);
      case 'decision':
        return items.sign(actor, runId, body, key);
      case 'decision-without-panel':
        return items.decideWithout(actor, runId, body, key);
      case 'off-agenda':
        return items.takeOff(actor, runId, body, key);
      case 'withdrawal':
        return items.withdraw(actor, runId, body, key);
    }
  }
}

/** What is worth offering; the desks refuse whatever else is tried. */
function waysFor(actor: Actor, { item, tie, relationship, declared }: ItemView): Way[] {
  const is = (...positions: string[]) => positions.includes(item.position);
  const senior = actor.roles.includes('SM');
  const lists = senior || relationship.live || tie.chairs;
  return [
    ...((senior || relationship.live) && is('referred', 'deferred', 'onAgenda') ? (['paper'] as const) : []),
    ...(declared === undefined ? (['conflict'] as const) : []),
    ...(tie.chairs && is('onAgenda', 'heard') ? (['recommendation'] as const) : []),
    ...(senior && is('recommended') ? (['decision'] as const) : []),
    ...(senior && is(...open) ? (['decision-without-panel'] as const) : []),
    ...(lists && is('onAgenda') ? (['off-agenda'] as const) : []),
    ...(lists && is(...open) ? (['withdrawal'] as const) : []),
  ];
}

const quiet = new Set(['panel', 'fromRun', 'sitting', 'addressees', 'present', 'attendees']);

/** A fact as a reader sees it: each field by its own label. */
export function inWords(said: Said): {
  on: string;
  by: string;
  happened: string;
  lines: { label: string; value: string }[];
} {
  const command = panelDecisionWorkflow.commands.forFact(said.type);
  const say = (value: unknown, field?: Field): string => {
    if (Array.isArray(value)) return value.map((one) => say(one, field)).join(' ');
    if (typeof value === 'object' && value !== null) {
      const row = value as Record<string, unknown>;
      const names = field?.kind === 'rows' ? Object.keys(field.of) : Object.keys(row);
      return `${names.flatMap((name) => (row[name] === undefined ? [] : [say(row[name])])).join(', ')}.`;
    }
    const text = String(value);
    if (isDay(text)) return formatDay(text);
    return Object.hasOwn(recommendations, text) ? recommendations[text as keyof typeof recommendations] : text;
  };
  return {
    on: said.on,
    by: said.by,
    happened: command?.happened ?? said.type,
    lines: Object.entries(command?.fields ?? {}).flatMap(([name, field]) =>
      quiet.has(name) || said.payload[name] === undefined
        ? []
        : [{ label: field.label, value: say(said.payload[name], field) }],
    ),
  };
}
