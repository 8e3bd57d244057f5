import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';

type Row = Readonly<Record<string, unknown>>;

/** Functions of Trino that DuckDB calls otherwise. */
const TRINO_FUNCTIONS = ['CREATE MACRO json_extract_scalar(json, path) AS json_extract_string(json, path)'];

/** What Athena's reader keeps as the JSON text that it is in the event. */
const KEPT_AS_TEXT: readonly string[] = ['requestparameters', 'responseelements', 'additionaleventdata'];

/**
 * DuckDB with the table of an Athena DDL, and events of CloudTrail in it as Athena's reader shows them. What it proves:
 * that queries find in such events what they say. Not that Athena takes the DDL.
 */
export class AthenaLike {
  private constructor(
    private readonly connection: DuckDBConnection,
    private readonly structure: string,
  ) {}

  static async withTable(ddl: string): Promise<AthenaLike> {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const [, name = '', columns = '', partitions = ''] =
      /CREATE EXTERNAL TABLE (\w+) \((.*?)\n\)\s*PARTITIONED BY \((.*?)\)/s.exec(ddl) ?? [];
    const structure = structureOf(`${columns},\n${partitions.replaceAll(', ', ',\n')}`);
    for (const macro of TRINO_FUNCTIONS) {
      await connection.run(macro);
    }
    await connection.run(
      `CREATE TABLE ${name} AS SELECT unnest(json_transform('{}'::JSON, '${structure}')) LIMIT 0`,
    );
    return new AthenaLike(connection, structure);
  }

  async add(events: readonly Row[]): Promise<void> {
    for (const event of events) {
      await this.connection.run(
        `INSERT INTO audit_trail SELECT unnest(json_transform($1::JSON, '${this.structure}'))`,
        [JSON.stringify(asRow(event))],
      );
    }
  }

  async ask(sql: string): Promise<readonly Row[]> {
    return (await this.connection.runAndReadAll(sql)).getRowObjectsJson();
  }
}

/** The columns of a Hive DDL as the structure that DuckDB transforms JSON to. */
function structureOf(columns: string): string {
  const members = columns
    .replaceAll(/ARRAY<(STRUCT<[^<>]*>)>/g, '[$1]')
    .replaceAll('STRUCT<', '{')
    .replaceAll('>', '}')
    .replaceAll(/(\w+)(:|\s)\s*STRING/g, '"$1": "VARCHAR"')
    .replaceAll(/(\w+)(:|\s)\s*([{[])/g, '"$1": $3');
  return JSON.stringify(JSON.parse(`{${members}}`));
}

function asRow(event: Row): Record<string, unknown> {
  const texts = Object.entries(event)
    .filter(([key, value]) => KEPT_AS_TEXT.includes(key.toLowerCase()) && value !== null)
    .map(([key, value]) => [key.toLowerCase(), JSON.stringify(value)] as const);
  const day = String(event['eventTime']).slice(0, 10).replaceAll('-', '/');
  return {
    ...withLowerCaseKeys(event),
    ...Object.fromEntries(texts),
    log_region: event['awsRegion'],
    log_day: day,
  };
}

function withLowerCaseKeys(map: object): Record<string, unknown> {
  const entries = Object.entries(map) as [string, unknown][];
  return Object.fromEntries(entries.map(([key, value]) => [key.toLowerCase(), lowered(value)]));
}

function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowered);
  return typeof value === 'object' && value !== null ? withLowerCaseKeys(value) : value;
}
