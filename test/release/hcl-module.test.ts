import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Declarations, mismatches, readDeclarations } from '../../release/hcl-module';

const VARIABLES = `
variable "prefix" {
  type        = string
  description = "Names begin with it; see var.other."
}

variable "days" {
  type        = list(number)
  description = "Some days."
  default     = [1]

  validation {
    condition     = length(var.days) > 0
    error_message = "Name a day."
  }
}
`;
const OUTPUTS = `
output "table" {
  description = "The table."
  value       = "\${local.name}"
}
`;
const LOCALS = `
locals {
  name = "\${var.prefix}-table"
}
`;
const resources = (name: string, days = '${var.days}'): string =>
  JSON.stringify({ resource: { aws_table: { journal: { name, days } } } });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcl-module-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const declarations = (files: Readonly<Record<string, string>>): Promise<Declarations> => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return readDeclarations(folder);
};
const all = { 'variables.tf': VARIABLES, 'locals.tf': LOCALS, 'outputs.tf': OUTPUTS };

it('the HCL of a module is read with its variables in the order in which they are written', async () => {
  const { variables } = await declarations(all);

  expect([...variables.keys()]).toEqual(['prefix', 'days']);
  expect(variables.get('days')).toMatchObject({ type: '${list(number)}', default: [1] });
});

it('the HCL of a module is refused where a variable has no description', async () => {
  await expect(declarations({ 'variables.tf': 'variable "one" {\n  type = string\n}\n' })).rejects.toThrow(
    'description',
  );
});

it('the HCL of a module is refused where Terraform could not read it', async () => {
  await expect(declarations({ 'variables.tf': 'variable "one" {' })).rejects.toThrow('variables.tf');
});

it('the HCL of a module fits resources that use all that it declares, and nothing else', async () => {
  expect(mismatches(await declarations(all), resources('${local.name}'))).toEqual([]);
});

it('the HCL of a module does not fit resources that use a variable or local that it does not declare', async () => {
  expect(mismatches(await declarations(all), resources('${var.name}-${local.nothing}'))).toEqual([
    'var.name is used and not declared.',
    'local.nothing is used and not declared.',
  ]);
});

it('the HCL of a module does not fit resources if it declares a variable that only its own validation uses', async () => {
  expect(mismatches(await declarations(all), resources('${local.name}', '1'))).toEqual([
    'var.days is declared and not used.',
  ]);
});

it('a local that is generated beside the resources is declared, and has to be used as well', async () => {
  const withLocal = (name: string): string =>
    JSON.stringify({
      ...(JSON.parse(resources('${local.name}-${local.generated}')) as object),
      locals: { [name]: '${var.days}' },
    });
  expect(mismatches(await declarations(all), withLocal('generated'))).toEqual([]);
  expect(mismatches(await declarations(all), withLocal('other'))).toEqual([
    'local.generated is used and not declared.',
    'local.other is declared and not used.',
  ]);
  expect(mismatches(await declarations(all), withLocal('name'))).toContain(
    'local.name is declared, and generated, too.',
  );
});

it('the HCL of a module does not fit resources if it declares a local that nothing uses', async () => {
  const files = { ...all, 'more.tf': 'locals {\n  more = 1\n}\n' };

  expect(mismatches(await declarations(files), resources('${local.name}'))).toEqual([
    'local.more is declared and not used.',
  ]);
});

it('the HCL of a module does not fit resources of which one is not in its list of all parts', async () => {
  const files = {
    ...all,
    'outputs.tf': OUTPUTS.replace(/\}\n$/, '  depends_on = [local.parts]\n}\n'),
    'parts.tf': 'locals {\n  parts = [aws_table.journal-2]\n}\n',
  };

  expect(mismatches(await declarations(files), resources('${local.name}'))).toEqual([
    'aws_table.journal is not in local.parts.',
  ]);
});
