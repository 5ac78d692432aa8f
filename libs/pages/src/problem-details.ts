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
