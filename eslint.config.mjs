import eslint from '@eslint/js';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

/*
 * Rules that need types are in .oxlintrc.json: `npm run types` checks them with the types, in an eighth of the time. Besides
 * the usual, this file holds the direction in which the rooms may know each other:
 *
 *   main -> modules -> contract <- handlers      entry -> aws, outside -> core      cli -> aws, core      client -> contract
 *
 * `modules` and `handlers` do not know each other: what both sides of the deployment agree on is in contract/. Of the
 * functions, modules/ knows the path of their code alone.
 *
 * A folder that appears below twice gets the rules of the last block alone, so every block names all that holds.
 */

/** No room may reach into these, whatever else it may. */
const EVERYWHERE = [
  {
    regex: '^@cdktf/provider-aws(/(lib/?|lib/index.*|index.*)?)?$',
    message:
      'Import one resource (`@cdktf/provider-aws/lib/iam-user`): the whole barrel takes seconds to load.',
  },
];

const NOTHING_FROM_TEST = {
  regex: '(^|/)test/',
  message: 'Tests know the product, the product does not know its tests.',
};

const NO_TERRAFORM = {
  regex: '^(cdktf|constructs|@cdktf/(?!hcl2json$).*)$',
  message:
    'Only main.ts and modules/ know CDKTF: nothing of it runs in Lambda or in an application, and moving to its successor stays a rename.',
};

const NO_SDK = {
  regex: '^(@aws-sdk|@smithy|@aws-lambda-powertools|aws-lambda)(/.*)?$',
  message: 'The rules know AWS through the ports alone: that is what lets the simulation run them.',
};

const NO_PROCESS = {
  regex: '^(node:)?(process|timers(/promises)?|fs(/promises)?|child_process)$',
  message: 'The rules touch no process, timer or file; take a port.',
};

const room = (names, why) => ({ regex: `^(\\.\\./)+(${names})(/|$)`, message: why });

const HANDLERS_KNOW_NO_OTHERS = room(
  'modules|sandbox|bench|cli|client|release|main',
  'What runs in Lambda knows only handlers/ and contract/: everything else would be bundled with it.',
);

const MODULES_KNOW_NO_HANDLERS = room(
  'handlers',
  'What describes the infrastructure and what runs in Lambda agree on things in contract/ alone; the code of a function is a path.',
);

const CONTRACT_KNOWS_ZOD = {
  regex: '^(?!zod/mini$|zod/locales$|\\./|\\.\\./[^/.]+$).*',
  message:
    'contract/ is what both sides of the deployment agree on: it imports zod/mini, its texts, and itself, nothing else.',
};

/** The rest of zod is in modules/ and cli/. */
const MINI_ZOD = {
  regex: '^zod$',
  message: 'What runs in Lambda takes zod/mini: with zod itself each function is 64 kB larger.',
};

const imports = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns: [...EVERYWHERE, ...patterns] }],
});

const NO_STAR_EXPORT = {
  selector: 'ExportAllDeclaration',
  message: 'Export by name: a star makes everything public, also what comes later.',
};

const NO_NAMED_ZOD = {
  selector:
    'ImportDeclaration[source.value=/^zod/] > :matches(ImportSpecifier[imported.name="z"], ImportDefaultSpecifier), ' +
    'MemberExpression[object.name="z"][property.name=/^(core|locales)$/]',
  message:
    "Write `import * as z from 'zod'`, and import what is of `zod/v4/core` by name: through `{ z }` and `z.core` the bundler keeps all of zod, four times the size.",
};

const NO_RAW_OUTPUT = {
  selector:
    'CallExpression[callee.property.name="write"][callee.object.object.name="process"], CallExpression[callee.object.name="console"]',
  message: 'Write with cli/print.ts: much of what a command says is of others, and must stay text.',
};

const PURE = [
  {
    selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
    message: 'Ask the Clock port: the simulation has its own time.',
  },
  {
    selector: ':matches(NewExpression, CallExpression)[callee.name="Date"][arguments.length=0]',
    message: 'Ask the Clock port: the simulation has its own time.',
  },
  {
    selector: 'CallExpression[callee.object.name="Math"][callee.property.name="random"]',
    message: 'Take it as an argument: a history has to be replayable.',
  },
];

const PURE_GLOBALS = [
  { name: 'process', message: 'Only an entry reads the environment; the rules are given what they need.' },
  {
    name: 'console',
    message: 'Use the Log port: what is logged is decided in one place, and never holds a secret.',
  },
  ...['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({
    name,
    message: 'Ask the Clock port: the simulation has its own time.',
  })),
];

const NODE_GLOBALS = [
  'console',
  'module',
  'performance',
  'process',
  'clearTimeout',
  'setTimeout',
  'Buffer',
  'URL',
];

/** Of CommonJS, which a launcher is in: the oldest Node.js has to understand it. */
const COMMONJS_GLOBALS = ['require', '__dirname'];

/**
 * A text of somebody else must not keep a program busy for ever. Every expression is held to it: which of them meet such a
 * text changes, and nobody would look again.
 */
const NO_SLOW_EXPRESSION = {
  'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
  'regexp/no-super-linear-move': ['error', { report: 'potential', ignoreSticky: false }],
  'regexp/no-dupe-disjunctions': ['error', { report: 'trivial', reportExponentialBacktracking: 'potential' }],
};

export default tseslint.config(
  { ignores: ['node_modules', 'cdktf.out', 'dist', 'build', '.cache', 'coverage', 'examples'] },
  eslint.configs.recommended,
  tseslint.configs.strict,
  tseslint.configs.stylistic,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { regexp },
    rules: {
      ...NO_SLOW_EXPRESSION,
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'no-restricted-exports': [
        'error',
        {
          restrictDefaultExports: {
            direct: true,
            named: true,
            defaultFrom: true,
            namedFrom: true,
            namespaceFrom: true,
          },
        },
      ],
      'no-restricted-syntax': ['error', NO_STAR_EXPORT, NO_NAMED_ZOD],
      ...imports(NOTHING_FROM_TEST, NO_TERRAFORM),
    },
  },
  {
    files: ['main.ts'],
    rules: imports(
      NOTHING_FROM_TEST,
      room('handlers|sandbox|client|cli', 'main.ts turns a configuration into stacks, and nothing else.'),
    ),
  },
  {
    files: ['contract/**'],
    rules: {
      ...imports(CONTRACT_KNOWS_ZOD),
      'no-restricted-globals': ['error', ...PURE_GLOBALS],
      'no-restricted-syntax': ['error', NO_STAR_EXPORT, NO_NAMED_ZOD, ...PURE],
    },
  },
  {
    files: ['modules/**'],
    rules: imports(
      NOTHING_FROM_TEST,
      MODULES_KNOW_NO_HANDLERS,
      room(
        'sandbox|bench|cli|client|release|main',
        'What describes the infrastructure knows neither who tries it out nor who uses it.',
      ),
    ),
  },
  {
    files: ['handlers/*/**'],
    rules: imports(
      NOTHING_FROM_TEST,
      NO_TERRAFORM,
      MINI_ZOD,
      HANDLERS_KNOW_NO_OTHERS,
      room(
        '(rotate-access-key|retire-access-keys|deliver-access-keys|notify-people)',
        'Entries only wire: nobody imports one, they share code through core and aws.',
      ),
    ),
  },
  {
    files: ['handlers/aws/**'],
    rules: {
      ...imports(
        NOTHING_FROM_TEST,
        NO_TERRAFORM,
        MINI_ZOD,
        HANDLERS_KNOW_NO_OTHERS,
        room('outside', 'What calls AWS and what calls other systems share the rules alone.'),
        room(
          '(rotate-access-key|retire-access-keys|deliver-access-keys|notify-people)',
          'An adapter does not know who uses it.',
        ),
      ),
      'no-restricted-globals': ['error', ...PURE_GLOBALS.filter(({ name }) => name === 'console')],
    },
  },
  {
    files: ['handlers/outside/**'],
    rules: {
      ...imports(
        NOTHING_FROM_TEST,
        NO_TERRAFORM,
        MINI_ZOD,
        HANDLERS_KNOW_NO_OTHERS,
        {
          ...NO_SDK,
          message: 'Here is what is not AWS: what it needs of AWS, such as a token, it is given.',
        },
        room(
          'aws|(rotate-access-key|retire-access-keys|deliver-access-keys|notify-people)',
          'An adapter does not know who uses it, and what calls other systems knows nothing of AWS.',
        ),
      ),
      'no-restricted-globals': ['error', ...PURE_GLOBALS.filter(({ name }) => name === 'console')],
    },
  },
  {
    files: ['handlers/core/**'],
    rules: {
      ...imports(
        NOTHING_FROM_TEST,
        NO_TERRAFORM,
        MINI_ZOD,
        HANDLERS_KNOW_NO_OTHERS,
        NO_SDK,
        NO_PROCESS,
        room(
          'aws|outside|(rotate-access-key|retire-access-keys|deliver-access-keys|notify-people)',
          'The rules know neither the adapters nor the entries: both know them.',
        ),
      ),
      'no-restricted-globals': ['error', ...PURE_GLOBALS],
      'no-restricted-syntax': ['error', NO_STAR_EXPORT, NO_NAMED_ZOD, ...PURE],
    },
  },
  {
    files: ['cli/**'],
    rules: {
      ...imports(
        NOTHING_FROM_TEST,
        NO_TERRAFORM,
        room(
          'sandbox|bench|main',
          'The commands share the adapters and the rules, not who tries them out or measures them.',
        ),
        {
          regex: '^(\\.\\./)+modules/(?!config/|aws/aws-values$)',
          message:
            'The commands share the rules of the configuration, not the infrastructure: CDKTF would be in their bundle.',
        },
        room('handlers/(?!aws/|core/).*', 'The commands share the adapters and the rules, not the entries.'),
      ),
      'no-restricted-syntax': ['error', NO_STAR_EXPORT, NO_NAMED_ZOD, NO_RAW_OUTPUT],
    },
  },
  {
    files: ['cli/print.ts'],
    rules: { 'no-restricted-syntax': ['error', NO_STAR_EXPORT, NO_NAMED_ZOD] },
  },
  {
    files: ['client/**'],
    rules: imports(
      NOTHING_FROM_TEST,
      NO_TERRAFORM,
      room(
        'modules|handlers|sandbox|bench|cli|release|main',
        'An application that imports the client gets the client alone: it knows contract/ and nothing else.',
      ),
    ),
  },
  {
    // A benchmark measures the product in the in-memory AWS of the tests.
    files: ['bench/**'],
    rules: {
      ...imports(NO_TERRAFORM),
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['test/**'],
    rules: {
      ...imports(),
      'no-restricted-properties': [
        'error',
        {
          object: 'jest',
          property: 'setTimeout',
          message: 'How long a test may take is said in jest.config.js and in test/support/takes-long.ts.',
        },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      // The text that a refusal is held to follows the call as a template.
      '@typescript-eslint/no-unused-expressions': ['error', { allowTaggedTemplates: true }],
      // A test matches what this repository says, and nothing else.
      'regexp/no-super-linear-backtracking': 'off',
      'regexp/no-super-linear-move': 'off',
      'regexp/no-dupe-disjunctions': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: Object.fromEntries(NODE_GLOBALS.map((name) => [name, 'readonly'])) },
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: ['bin/**'],
    languageOptions: {
      globals: Object.fromEntries(COMMONJS_GLOBALS.map((name) => [name, 'readonly'])),
      sourceType: 'commonjs',
    },
    rules: { '@typescript-eslint/no-require-imports': 'off', 'prefer-rest-params': 'off' },
  },
  {
    // It loads the command that is called, and no other.
    files: ['cli/program.ts'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
