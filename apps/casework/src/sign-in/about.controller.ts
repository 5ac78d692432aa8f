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
      'We record each time you open a case, with your name and the time. A family can ask who looked at their file.',
      'You see an address that is not to be shared only if you give a reason. We record the reason.',
    ],
  },
  cookies: {
    title: 'Cookies',
    lines: [
      'This service uses only the cookies that it needs to work. It does not track you.',
      'The cookie “session” says that you are signed in. It ends when you sign out, when you do nothing for 30 minutes, or 12 hours after you signed in.',
      'The cookies “sign-in” and “sign-in-to” last for 10 minutes while you sign in. They bring you back to the page you came from.',
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
