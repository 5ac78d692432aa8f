import { csrfToken } from '@send/pages';
import request from 'supertest';

/** Somebody without an account at the public form: a browser that keeps one cookie and follows nothing by itself. */
export class Visitor {
  cookie: string | undefined;

  constructor(
    private readonly origin: string,
    private readonly base = '/levelshire/ask-for-an-assessment',
  ) {}

  async get(path = ''): Promise<request.Response> {
    return this.kept(
      await request(this.origin)
        .get(`${this.base}${path}`)
        .set('Cookie', this.cookie === undefined ? '' : `ask=${this.cookie}`)
        .redirects(0)
        .ok(() => true),
    );
  }

  async post(
    step: string,
    fields: Record<string, string | string[]> = {},
    also: { token?: string; headers?: Record<string, string> } = {},
  ): Promise<request.Response> {
    const body = new URLSearchParams([['_csrf', also.token ?? csrfToken(this.cookie ?? '')]]);
    for (const [name, value] of Object.entries(fields))
      for (const one of Array.isArray(value) ? value : [value]) body.append(name, one);
    let call = request(this.origin)
      .post(`${this.base}/${step === 'send' || step === 'forget' ? '' : 'questions/'}${step}`)
      .set('Cookie', this.cookie === undefined ? '' : `ask=${this.cookie}`)
      .type('form')
      .redirects(0)
      .ok(() => true);
    for (const [name, value] of Object.entries(also.headers ?? {})) call = call.set(name, value);
    return this.kept(await call.send(body.toString()));
  }

  /** Through the pages in their order, each answered; where the last of them led. */
  async walk(pages: Readonly<Record<string, Record<string, string>>>): Promise<string> {
    await this.get('/questions/who');
    let led = '';
    for (const [step, fields] of Object.entries(pages)) {
      const answer = await this.post(step, fields);
      if (answer.status !== 303) throw new Error(`${step} answered ${answer.status}: ${answer.text.slice(0, 4000)}`);
      led = String(answer.headers['location']).replace(`${this.base}/`, '');
    }
    return led;
  }

  /** Through all pages, and sent; the reference of the last page. */
  async send(pages: Readonly<Record<string, Record<string, string>>>): Promise<string> {
    const led = await this.walk(pages);
    if (led !== 'check') throw new Error(`The answers led to ${led}.`);
    await this.post('send');
    return /ASK-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec((await this.get('/sent')).text)?.[0] ?? '';
  }

  private kept(answer: request.Response): request.Response {
    const set = ([answer.headers['set-cookie']].flat() as (string | undefined)[]).find((one) =>
      one?.startsWith('ask='),
    );
    if (set !== undefined) this.cookie = /^ask=([^;]*)/.exec(set)?.[1] || undefined;
    return answer;
  }
}

/** A parent who lives with her child, at a home that may be known. */
export const aParent = {
  who: { who: 'parent' },
  child: {
    firstNames: 'Clover',
    lastName: 'Inventedparent',
    'born-day': '4',
    'born-month': 'May',
    'born-year': '2018',
  },
  home: {
    'home-line1': '12 Fern Rise',
    'home-town': 'Levelham',
    'home-postcode': 'lv41ab',
    protect: 'no',
  },
  setting: { setting: 'Invented Meadow Primary School' },
  you: {
    'you-firstNames': 'Fern',
    'you-lastName': 'Inventedparent',
    relationship: 'parent',
    responsibility: 'yes',
    together: 'yes',
  },
  reach: { channel: 'phone', phone: '01632 960 777', interpreter: 'Polish', format: 'large-print' },
  worries: { worries: 'She cannot read yet.\nSchool says that she is lazy.' },
} as const;
