import { createHmac, timingSafeEqual } from 'node:crypto';

/** Who signed in, as the stand-in for the council's sign-in says it to the service. */
export interface SignInClaims {
  readonly authority: string;
  readonly staffId: string;
  /** What the service gave along: the code is for that browser and no other. */
  readonly state: string;
}

const livesFor = 60_000;

export function writeSignInCode(secret: string, claims: SignInClaims, now: Date): string {
  const body = Buffer.from(JSON.stringify({ ...claims, until: now.getTime() + livesFor })).toString('base64url');
  return `${body}.${signature(secret, body)}`;
}

/** Undefined for a code that is forged, too old, or was made for another browser. */
export function readSignInCode(secret: string, code: string, state: string, now: Date): SignInClaims | undefined {
  const [body = '', given = '', ...more] = code.split('.');
  const expected = signature(secret, body);
  if (
    more.length > 0 ||
    given.length !== expected.length ||
    !timingSafeEqual(Buffer.from(given), Buffer.from(expected))
  )
    return undefined;
  const {
    authority,
    staffId,
    state: madeFor,
    until,
  } = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as SignInClaims & { until: number };
  return madeFor === state && state !== '' && now.getTime() <= until ? { authority, staffId, state } : undefined;
}

const signature = (secret: string, body: string): string =>
  createHmac('sha256', secret).update(body).digest('base64url');
