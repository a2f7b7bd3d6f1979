declare module 'dynalite/db' {
  export interface TableRequest {
    readonly TableName?: string;
    ReturnConsumedCapacity?: 'NONE' | 'TOTAL' | 'INDEXES';
  }

  export interface Capacity {
    readonly TableName: string;
    readonly Table: { readonly CapacityUnits: number };
  }

  export interface TableAnswer {
    readonly ConsumedCapacity?: Capacity | readonly Capacity[];
  }

  /** Tables and their items. */
  export type Store = object;

  /** Tables in memory. */
  export function create(options: { createTableMs: number }): Store;
}

declare module 'dynalite/validations' {
  import type { Store, TableRequest } from 'dynalite/db';

  /** @returns the request without unknown fields. @throws an error with `statusCode` and `body` */
  export function checkTypes(request: TableRequest, types: object): TableRequest;
  /** @throws an error with `statusCode` and `body` */
  export function checkValidations(request: TableRequest, types: object, custom: unknown, store: Store): void;
  export function toLowerFirst(name: string): string;
}
