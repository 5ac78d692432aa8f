/** RFC 9457: what an API answers where it does not do what it was asked. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly errors?: readonly { readonly field: string; readonly rule: string; readonly message: string }[];
  readonly [extra: string]: unknown;
}

export const problemType = 'application/problem+json';

const titles: Readonly<Record<number, string>> = {
  400: 'The request cannot be read', 401: 'Sign in first', 403: 'This is not allowed', 404: 'Not found', 405: 'This method is not offered here',
  409: 'The case is not as you saw it', 413: 'The request is too large', 415: 'This kind of content is not read', 422: 'There is a problem with what was sent',
  429: 'Too many requests', 500: 'Something went wrong',
};

export function problem(
  status: number,
  detail: string,
  extra: { kind?: string; instance?: string; errors?: Problem['errors']; [more: string]: unknown } = {},
): Problem {
  const { kind, instance, errors, ...rest } = extra;
  const title = titles[status] ?? 'The request was not done';
  return {
    ...rest, type: kind === undefined ? 'about:blank' : `urn:send:problem:${kind}`, title, status, detail,
    ...(instance === undefined ? {} : { instance }), ...(errors === undefined ? {} : { errors }),
  };
}
