import { Controller, Get, Req, Res } from '@nestjs/common';
import { PageAnswer } from '../frame/page-answer';
import { type CaseworkRequest, type CaseworkResponse, OpenToAll } from '../frame/request';

const pages = {
  help: {
    title: 'Help',
    lines: [
      'Start at Today: it counts what needs you, and each count opens the list behind it.',
      'In a case, “Record an event” shows what will happen before anything is saved.',
      'If something on a page is wrong or hard to use, tell your administrator which page it was and what you expected.',
    ],
  },
  accessibility: {
    title: 'Accessibility statement',
    lines: [
      'Every page of this service works with the keyboard alone, without scripts, and at four times its size.',
      'Every page is checked by machine against the Web Content Accessibility Guidelines 2.2, level AA. A check by people with disabilities has not been made yet.',
      'If you cannot use a page, ask your administrator: whatever it does can be done for you another way.',
    ],
  },
  privacy: {
    title: 'Privacy',
    lines: [
      'Every look into a case is kept, with your name and the time. A family can ask who looked at their file.',
      'An address that is not to be shared is shown only for a reason, and the reason is kept.',
    ],
  },
  cookies: {
    title: 'Cookies',
    lines: [
      'This service keeps one cookie, which says that you are signed in. It ends when you sign out, and after 30 minutes in which you do nothing.',
    ],
  },
} as const;

@Controller()
export class AboutController {
  constructor(private readonly answer: PageAnswer) {}

  @Get('help')
  @OpenToAll()
  help(@Req() request: CaseworkRequest, @Res() response: CaseworkResponse) {
    return this.answer.send(request, response, 'refused.view.njk', pages.help);
  }

  @Get('accessibility')
  @OpenToAll()
  accessibility(@Req() request: CaseworkRequest, @Res() response: CaseworkResponse) {
    return this.answer.send(request, response, 'refused.view.njk', pages.accessibility);
  }

  @Get('privacy')
  @OpenToAll()
  privacy(@Req() request: CaseworkRequest, @Res() response: CaseworkResponse) {
    return this.answer.send(request, response, 'refused.view.njk', pages.privacy);
  }

  @Get('cookies')
  @OpenToAll()
  cookies(@Req() request: CaseworkRequest, @Res() response: CaseworkResponse) {
    return this.answer.send(request, response, 'refused.view.njk', pages.cookies);
  }
}
