/*
 * Synthesizes, with CDKTF and the typed classes of its AWS provider and nothing else, as many resources as the product makes for so
 * many users (second argument), with the arguments that the product gives to those of a stack with one user (first argument: its
 * cdk.tf.json). What refers to another resource reads its attribute, as whoever writes such a program does.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// A benchmark does not use CDKTF; this program of its own is what is compared with.
const require = createRequire(import.meta.url);
const { App, DataResource, TerraformIterator, TerraformStack } = require('cdktf');
const { AwsProvider } = require('@cdktf/provider-aws/lib/provider');

const [file, users] = process.argv.slice(2);
const { provider, resource, output } = JSON.parse(readFileSync(file, 'utf8'));
const [template] = Object.keys(output.secret_arns.value);

/** Members of these are names of somebody's choice, and not of arguments. */
const MAPS = new Set(['dimensions', 'input', 'tags', 'triggers_replace', 'variables']);

/** Like `${aws_iam_user.user-0.name}`. */
const REFERENCE = /\$\{((?:aws|terraform)_\w+\.[\w-]+)\.(\w+)\}/;

const camelCase = (name) => name.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase());

function classOf(type) {
  if (type === 'terraform_data') return DataResource;
  const exported = require(`@cdktf/provider-aws/lib/${type.replace(/^aws_/, '').replaceAll('_', '-')}`);
  return Object.values(exported).find(({ tfResourceType }) => tfResourceType === type);
}

/** What an argument is for a user: its stable key in place of the template's, and attributes in place of references. */
function argumentOf(value) {
  if (typeof value === 'string') return textOf(value);
  if (Array.isArray(value)) {
    const entries = value.map(argumentOf);
    return (user) => entries.map((entry) => entry(user));
  }
  return typeof value === 'object' && value !== null ? argumentsOf(value) : () => value;
}

function argumentsOf(values, rename = camelCase) {
  const members = Object.entries(values).map(([name, value]) => [
    rename(name),
    MAPS.has(name) && typeof value === 'object' ? argumentsOf(value, (key) => key) : argumentOf(value),
  ]);
  return (user) => Object.fromEntries(members.map(([name, argument]) => [name, argument(user)]));
}

function textOf(text) {
  // Of what is matched, and of the two groups in it, all is in the result: text, address, attribute, text, …
  const parts = text.split(REFERENCE);
  const pieces = [];
  for (let index = 0; index < parts.length; index += 3) {
    const literal = parts[index].split(template);
    pieces.push((user) => literal.join(user));
    const [address, attribute] = parts.slice(index + 1);
    if (address === undefined) continue;
    const name = camelCase(attribute);
    pieces.push((user) => made(address, user)[name]);
  }
  return (user) => pieces.reduce((whole, piece) => whole + piece(user), '');
}

const app = new App();
const stack = new TerraformStack(app, 'bare');
const providers = new Map(
  provider.aws.map(({ alias, region }) => [alias, new AwsProvider(stack, `aws-${alias}`, { alias, region })]),
);

const templates = new Map();
for (const [type, ofType] of Object.entries(resource)) {
  for (const [name, synthesized] of Object.entries(ofType)) {
    const { depends_on: dependsOn = [], provider: named, for_each: each, ...values } = synthesized;
    delete values['//']; // What CDKTF notes of it.
    const isOfUser = name.startsWith(template);
    templates.set(`${type}.${name}`, {
      isOfUser,
      Class: classOf(type),
      name: name.slice(isOfUser ? template.length : 0),
      dependsOn,
      provider: named === undefined ? undefined : providers.get(named.split('.')[1]),
      list: each === undefined ? undefined : JSON.parse(/^\$\{toset\((\[.*\])\)\}$/.exec(each)[1]),
      args: argumentsOf(each === undefined ? values : { ...values, policy_arn: undefined }),
    });
  }
}

const all = new Map();

/** The resource at an address of the one user's stack, for another user; made where it is not made yet. */
function made(address, user) {
  const { Class, args, dependsOn, isOfUser, list, name, provider: of } = templates.get(address);
  const id = isOfUser ? `${user}${name}` : name;
  const key = `${Class.tfResourceType}.${id}`;
  const known = all.get(key);
  if (known !== undefined) return known;
  const iterator = list === undefined ? undefined : TerraformIterator.fromList(list);
  const one = new Class(stack, key, {
    ...args(user),
    ...(iterator === undefined ? {} : { forEach: iterator, policyArn: iterator.value }),
    ...(dependsOn.length === 0 ? {} : { dependsOn: dependsOn.map((other) => made(other, user)) }),
    provider: of,
  });
  one.overrideLogicalId(id);
  all.set(key, one);
  return one;
}

for (const [address, { isOfUser }] of templates) if (!isOfUser) made(address, template);
for (let user = 0; user < Number(users); user += 1)
  for (const [address, { isOfUser }] of templates) if (isOfUser) made(address, `user-${user}`);
app.synth();
