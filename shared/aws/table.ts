import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The one table, as every adapter of a store takes it. */
export interface Table {
  client: DynamoDBDocumentClient;
  name: string;
}

/** Opens the table with a client of its own; the endpoint, region and credentials come from the environment. */
export function openTable(name: string, client: DynamoDBClient = new DynamoDBClient({})): Table {
  return { client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }), name };
}

/** A stored item before its shape is known. */
export type Item = Record<string, unknown>;

export interface Key {
  pk: string;
  sk: string;
}

/** The sort key of a trainee line by its place in the roster, from 1. */
export function lineSortKey(lineNo: number): string {
  return `LINE#${String(lineNo).padStart(4, '0')}`;
}
