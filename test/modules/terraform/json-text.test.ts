import { JsonElementWhere, JsonReference, jsonText } from '../../../modules/terraform/json-text';

it('JSON with parts that only Terraform knows has them as they are, without quotes, wherever they stand', () => {
  const readers = new JsonReference('${jsonencode(var.readers)}');

  expect(jsonText({ AWS: readers, flag: new JsonReference('${var.a == "b"}'), list: [readers] })).toBe(
    '{"AWS":${jsonencode(var.readers)},"flag":${var.a == "b"},"list":[${jsonencode(var.readers)}]}',
  );
});

it('JSON with parts that only Terraform knows is the JSON of everything else', () => {
  const value = { text: 'a "quoted" ${path.module}', number: 1, none: undefined, list: [null, true] };

  expect(jsonText(value)).toBe(JSON.stringify(value));
});

it('an element that is there only where Terraform says so brings its comma along', () => {
  const element = new JsonElementWhere('var.more', { list: new JsonReference('${jsonencode(var.list)}') });

  expect(jsonText({ all: [{ a: 1 }, element] })).toBe(
    '{"all":[{"a":1}%{ if var.more },{"list":${jsonencode(var.list)}}%{ endif }]}',
  );
});
