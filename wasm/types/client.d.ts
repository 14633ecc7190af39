// Types of the methods, from the documents in docs/openapi.

import type { operations as Admin } from './api/admin';
import type { operations as Cloud } from './api/cloud';
import type { operations as Server } from './api/server';

type Content<T> = T extends { content: { 'application/json': infer Json } } ? Json : undefined;
type Unboxed<T> = T extends { requestObject?: infer Inner } ? NonNullable<Inner> : T;
type Opened<T> = T extends { responseObject?: infer Inner } ? NonNullable<Inner> : T;

/** What a method takes. */
export type Body<Op> = Op extends { requestBody?: infer Given }
  ? [NonNullable<Given>] extends [never]
    ? undefined
    : Unboxed<Content<NonNullable<Given>>>
  : undefined;
/** What it resolves to. */
export type Answer<Op> = Op extends { responses: { 200: infer Done } } ? Opened<Content<Done>> : undefined;
type Part<T> = [T] extends [undefined] ? unknown : T;
/** Parameters of path and query. */
export type Parameters<Op> = Op extends { parameters: { query?: infer Query; path?: infer Path } }
  ? Part<Exclude<Query, undefined>> & Part<Exclude<Path, undefined>>
  : unknown;

type Needed<T> = { [Name in keyof T]-?: object extends Pick<T, Name> ? never : Name }[keyof T];
type Arguments<In, More> = [Needed<More>] extends [never]
  ? [In] extends [undefined]
    ? [body?: undefined, parameters?: More]
    : [body: In, parameters?: More]
  : [body: In, parameters: More];

type Methods<Operations> = {
  readonly [Name in keyof Operations]: (
    ...given: Arguments<Body<Operations[Name]>, Parameters<Operations[Name]>>
  ) => Promise<Answer<Operations[Name]>>;
};

/** Methods of the server API. */
export type ServerApi = Methods<Server>;
/** Methods of the API of the hosted product. */
export type CloudApi = Methods<Cloud>;
/** Methods of the API for administrators. */
export type AdminApi = Methods<Admin>;
