/**
 * Where somebody was before they had to sign in, carried in an address and checked when it comes back: a path of this
 * service and nothing else, so that no link can lead from here to another site.
 */
const name = 'to';

export const withWayBack = (page: string, address: string): string =>
  readWayBack({ [name]: address }) === '/' ? page : `${page}?${new URLSearchParams({ [name]: address }).toString()}`;

export function readWayBack(query: Readonly<Record<string, unknown>>): string {
  const given = query[name];
  const isOurs = typeof given === 'string' && given.length <= 500 && /^\/(?![/\\])[\w\-./?=&%+~]*$/.test(given);
  return isOurs && !/^\/(sign|session|assets|api)/.test(given) ? given : '/';
}
