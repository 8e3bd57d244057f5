import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildSync } from 'esbuild';

interface Complaint {
  readonly startLine: number;
  readonly message: string;
}

type Validate = (sql: string) => readonly Complaint[];

/** What Trino's own grammar says against a query. Athena's engine is Trino. */
export function trinoGrammar(): Validate {
  const folder = mkdtempSync(join(tmpdir(), 'trino-grammar-'));
  try {
    const outfile = join(folder, 'trino.cjs');
    // The package imports folders, which only bundlers understand.
    buildSync({
      stdin: { contents: "export { TrinoSQL } from 'dt-sql-parser';", resolveDir: __dirname },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile,
    });
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- what was bundled just now
    const { TrinoSQL } = require(outfile) as { TrinoSQL: new () => { validate: Validate } };
    const parser = new TrinoSQL();
    return (sql) => parser.validate(sql);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
