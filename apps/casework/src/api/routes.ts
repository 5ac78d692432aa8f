import 'reflect-metadata';
import { RequestMethod, SetMetadata, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';

export const ROUTES = Symbol('routes of the API');

const keyedMark = 'api: takes a key';
const openMark = 'api: open';
const searchMark = 'api: search';

/** A command: its key makes that it happens once however often it is sent. */
export const Keyed = () => SetMetadata(keyedMark, true);
/** Nobody needs to be signed in for this. */
export const Open = () => SetMetadata(openMark, true);
/** Counted with the searches. */
export const Search = () => SetMetadata(searchMark, true);

export interface Route {
  /** Path as OpenAPI writes it: /api/v1/runs/{id}. */
  readonly path: string;
  readonly methods: readonly string[];
  readonly keyed: boolean;
  readonly open: boolean;
  readonly search: boolean;
}

interface Handler {
  readonly path: string;
  readonly method: string;
  readonly handler: object;
}

/** Every address of the API with its methods, read from the controllers themselves. */
export class Routes {
  private readonly all: readonly (Route & { readonly shape: RegExp; readonly handlers: readonly Handler[] })[];

  constructor(controllers: readonly Type[]) {
    const handlers = controllers.flatMap(handlersOf);
    const paths = [...new Set(handlers.map(({ path }) => path))];
    this.all = paths.map((path) => {
      const here = handlers.filter((one) => one.path === path);
      const has = (mark: string): boolean => here.some(({ handler }) => Reflect.getMetadata(mark, handler) === true);
      const methods = [...new Set(here.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
      return {
        path: path.replace(/:(\w+)/g, '{$1}'),
        methods,
        keyed: has(keyedMark),
        open: has(openMark),
        search: has(searchMark),
        shape: new RegExp(`^${path.replace(/\./g, '\\.').replace(/:\w+/g, '([^/]+)')}/?$`),
        handlers: here,
      };
    });
  }

  find(address: string): Route | undefined {
    try {
      decodeURIComponent(address);
    } catch {
      return undefined;
    }
    // An address in words goes before one with an id in its place.
    const fitting = this.all.filter(({ shape }) => shape.test(address));
    return fitting.find(({ path }) => !path.includes('{')) ?? fitting[0];
  }

  /** All methods of an address, of whichever of its routes; none where nothing is there. */
  methodsOf(address: string): string[] {
    return [...new Set(this.all.filter(({ shape }) => shape.test(address)).flatMap(({ methods }) => methods))];
  }

  list(): readonly Route[] {
    return this.all;
  }
}

function handlersOf(controller: Type): Handler[] {
  const base = String(Reflect.getMetadata(PATH_METADATA, controller) ?? '');
  const prototype = controller.prototype as Record<string, object>;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler = prototype[name];
    const method: unknown = handler === undefined ? undefined : Reflect.getMetadata(METHOD_METADATA, handler);
    if (handler === undefined || typeof method !== 'number') return [];
    const path = String(Reflect.getMetadata(PATH_METADATA, handler) ?? '');
    return [
      {
        path: `/${[base, path]
          .map((part) => part.replace(/^\/|\/$/g, ''))
          .filter((part) => part !== '')
          .join('/')}`,
        method: RequestMethod[method] ?? '',
        handler,
      },
    ];
  });
}
