import { type Actor } from '@send/access';
import { CaseFile, closingOnline, finishNotice, openNotices, waitingOnline } from '@send/case-file';
import { type Clock } from '@send/engine';
import { Controller, Get, Inject, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { asWaiting } from '../online-requests/online-desk';
import { waitingLetters, waitingProposals } from '../proposals/waiting';
import { isSenior, PageAnswer, worksOnCases } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { countDay, recentlyViewed } from '../worklist/worklist';

/** The first page after sign-in: what needs this person, each count with the list behind it. */
@Controller()
export class TodayController {
  constructor(
    private readonly caseFile: CaseFile,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  async today(
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!worksOnCases(actor)) {
      if (actor.roles.includes('AD')) return response.redirect(303, '/operator');
      if (actor.roles.some((role) => role === 'PC' || role === 'PM' || role === 'AU'))
        return response.redirect(303, '/panels');
      return this.answer.send(request, response, 'refused.view.njk', {
        title: 'Nothing here for your role yet',
        lines: ['You are signed in, but this service has no pages for your role yet.'],
        onward: { text: 'Help', href: '/help' },
      });
    }
    const day = this.clock.today();
    const owner = isSenior(actor) ? 'all' : 'me';
    const read = await this.caseFile.within(actor, async (tx) => ({
      counts: await countDay(tx, actor, owner, day),
      proposals: await waitingProposals(tx, actor),
      letters: await waitingLetters(tx, actor),
      notices: await openNotices(tx, actor),
      recent: await recentlyViewed(tx, actor),
      online: await waitingOnline(tx, { order: 'oldest', skip: 0, most: 10 }),
      closing: await closingOnline(tx),
    }));
    const { counts } = read;
    const online = read.online.rows.map((one) => asWaiting(one, day));
    const forMe = [...read.proposals.map((one) => one.proposedBy), ...read.closing.map((one) => one.closingBy)].filter(
      (by) => by !== actor.staffId,
    );
    const mine = read.closing.filter((one) => one.closingBy === actor.staffId);
    const list = (due: string) => `/cases?owner=${owner}&due=${due}`;
    const tiles = [
      { name: 'Overdue by legal limit', count: counts.overdue, href: list('overdue'), problem: true },
      { name: 'Due today', count: counts.today, href: list('today') },
      { name: 'Due tomorrow', count: counts.tomorrow, href: list('tomorrow') },
      { name: 'Due this week', count: counts.week, href: list('week') },
      ...(isSenior(actor)
        ? [
            {
              name: 'Letters to approve',
              count: read.letters.filter((one) => one.writtenBy !== actor.staffId).length,
              href: '/approvals#letters',
            },
            { name: 'Decisions waiting for you', count: forMe.length, href: '/approvals#decisions' },
            { name: 'Unassigned', count: counts.unassigned, href: '/cases?owner=unassigned' },
          ]
        : [
            { name: 'Letters waiting for approval', count: read.letters.length, href: '/approvals#letters' },
            {
              name: 'Waiting for a second person',
              count: read.proposals.length + mine.length,
              href: '/approvals#decisions',
            },
            { name: 'Waiting for advice', count: counts.advisers, href: '/cases?owner=me&waiting=advisers' },
          ]),
      {
        name: 'Online requests to open',
        count: read.online.total,
        href: '#online',
        // The oldest come first: where none of them is late, none is.
        problem: online.some((one) => one.late),
      },
      { name: 'Notices', count: read.notices.length, href: '#notices' },
    ];
    await this.answer.send(request, response, 'today/today.view.njk', {
      title: 'Today',
      tiles,
      notices: read.notices.map((one) => ({ ...one, online: onlineAbout(one.key) })),
      online,
      onlineTotal: read.online.total,
      recent: read.recent,
    });
  }

  @Post('notices/:noticeId/done')
  async finish(
    @Param('noticeId') noticeId: string,
    @Acting() actor: Actor,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const mine =
      /^[0-9a-f-]{36}$/.test(noticeId) &&
      (await this.caseFile.within(actor, async (tx) => {
        const open = await openNotices(tx, actor);
        return open.some((one) => one.id === noticeId) && (await finishNotice(tx, noticeId, this.clock.now()));
      }));
    if (!mine) throw new NotFoundException();
    response.redirect(303, '/#notices');
  }
}

/** The online request that a notice is about, by its key. */
const onlineAbout = (key: string): string | undefined =>
  /^online-(?:waits|closed|given-back):([0-9a-f-]{36})/.exec(key)?.[1];
