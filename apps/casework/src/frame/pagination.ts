export interface Pagination {
  readonly items: readonly object[];
  readonly previous?: { readonly href: string };
  readonly next?: { readonly href: string };
}

/** The first page, the last one, and those beside this one, as govukPagination takes them; none where there is one page. */
export function paginationOf(page: number, pages: number, link: (page: number) => string): Pagination | undefined {
  if (pages <= 1) return undefined;
  const numbers = [...new Set([1, page - 1, page, page + 1, pages])].filter((one) => one >= 1 && one <= pages);
  return {
    items: numbers.flatMap((number, place) => [
      ...(place > 0 && number - (numbers[place - 1] ?? number) > 1 ? [{ ellipsis: true }] : []),
      { number, href: link(number), current: number === page },
    ]),
    ...(page > 1 ? { previous: { href: link(page - 1) } } : {}),
    ...(page < pages ? { next: { href: link(page + 1) } } : {}),
  };
}
