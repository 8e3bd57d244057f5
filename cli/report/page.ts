import { createHash } from 'node:crypto';

import { DAY, SECOND } from '../../contract/instant';
import { inUtc, shortLength } from '../ages';
import { ageChart } from './age-chart';
import { numbered, otherRotations } from './controls';
import { Html, html, writeHtml, type Value } from './html';
import {
  SECTIONS,
  type ReportDocument,
  type ReportKey,
  type ReportRotation,
  type Section,
} from './report-document';
import { STYLE } from './style';

/** The page allows its own style and nothing else: no script, no picture, no font, no request. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** The style is ours, and a page would not take it with its quotes escaped. */
const style = new Html([{ raw: `<style>${STYLE}</style>` }]);

/** The document as one page that needs nothing else, piece by piece. */
export const writePage = (document: ReportDocument, write: (text: string) => void): void =>
  writeHtml(pageOf(document), write);

const pageOf = (document: ReportDocument): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Html([{ raw: POLICY }])}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>
          Access keys of ${document.stack}, ${dayOf(document.period.from)} to ${dayOf(document.period.until)}
        </title>
        ${style}
      </head>
      <body>
        <div class="page">
          ${headOf(document)}
          <div class="body">
            ${contentsOf(document)}
            <main>
              ${noticeOf(document)}
              ${SECTIONS.map((section, index) => sectionOf(document, section, index + 1))}
            </main>
          </div>
          ${footOf(document)}
        </div>
      </body>
    </html> `;

const dayOf = (moment: string): string => moment.slice(0, 10);

function headOf({ stack, accountId, region, period, madeAt, madeBy, numbers }: ReportDocument): Html {
  return html`<header>
    <div class="head">
      <p class="kind">Rotation of access keys: evidence for an audit</p>
      <h1>${stack}</h1>
      <dl class="facts">
        <div>
          <dt>AWS account</dt>
          <dd>${accountId}</dd>
        </div>
        <div>
          <dt>Region</dt>
          <dd>${region}</dd>
        </div>
        <div>
          <dt>Events from</dt>
          <dd>${inUtc(period.from)}</dd>
        </div>
        <div>
          <dt>Events until</dt>
          <dd>${inUtc(period.until)}</dd>
        </div>
        <div>
          <dt>Keys as of</dt>
          <dd>${inUtc(madeAt)}</dd>
        </div>
        <div class="wide">
          <dt>Read by</dt>
          <dd class="id">${madeBy}</dd>
        </div>
      </dl>
    </div>
    <dl class="tiles">
      ${tile('Active keys', numbers.activeKeys, `of ${numbered(numbers.users, 'user')}`)}
      ${tile('Older than their policy', numbers.overAge, numbers.overAge === 0 ? 'no active key' : 'active keys', numbers.overAge > 0 ? 'bad' : '')}
      ${tile('Rotations', numbers.rotationsSucceeded, `succeeded, ${otherRotations(numbers)}`, numbers.rotationsFailed > 0 ? 'attention' : '')}
      ${tile('Held or exempted', numbers.holds + numbers.exemptions, `${numbered(numbers.holds, 'key')} held, ${numbered(numbers.exemptions, 'user')} exempted`)}
      ${tile('Open faults', numbers.faultsOpen, `${numbers.faultsEnded} more ended`, numbers.faultsOpen > 0 ? 'attention' : '')}
      ${tile('Could not be seen', numbers.unseen, numbers.unseen === 0 ? 'nothing stood in the way' : 'see the last part', numbers.unseen > 0 ? 'bad' : '')}
    </dl>
  </header>`;
}

const tile = (name: string, value: number, more: string, mark = ''): Html =>
  html`<div class="tile ${mark}">
    <dt>${name}</dt>
    <dd class="value">${value}</dd>
    <dd class="more">${more}</dd>
  </div>`;

const noticeOf = ({ numbers: { unseen } }: ReportDocument): Html | undefined =>
  unseen === 0
    ? undefined
    : html`<aside class="notice" aria-label="What is missing">
        <p>
          <strong>${numbered(unseen, 'thing')} could not be seen.</strong> What is missing here is not fine
          because of that: <a href="#unseen">What could not be seen</a> says what it is and why.
        </p>
      </aside>`;

const TITLES: Readonly<Record<Section, string>> = {
  ages: 'Ages of keys',
  rotations: 'Rotations',
  acts: 'What was done to keys',
  journal: 'What the journal tells',
  holds: 'Holds',
  exemptions: 'Exemptions',
  reads: 'Who read which secret',
  faults: 'Faults',
  controls: 'Controls',
  unseen: 'What could not be seen',
};

const ROWS: Readonly<Record<Section, (document: ReportDocument) => number>> = {
  ages: ({ keys }) => keys.length,
  rotations: ({ rotations }) => rotations.length,
  acts: ({ keyActs }) => keyActs.length,
  journal: ({ journal }) => journal.length,
  holds: ({ holds }) => holds.length,
  exemptions: ({ exemptions }) => exemptions.length,
  reads: ({ reads }) => reads.length,
  faults: ({ faults }) => faults.length,
  controls: ({ controls }) => controls.length,
  unseen: ({ unseen }) => unseen.length,
};

const contentsOf = (document: ReportDocument): Html =>
  html`<nav class="contents" aria-label="Contents">
    <ol>
      ${SECTIONS.map(
        (section) =>
          html`<li>
            <a href="#${section}"
              ><span>${TITLES[section]}</span><span class="count">${ROWS[section](document)}</span></a
            >
          </li> `,
      )}
    </ol>
  </nav>`;

const sectionOf = (document: ReportDocument, section: Section, number: number): Html =>
  html`<section id="${section}" aria-labelledby="${section}-title">
    <h2 id="${section}-title"><span class="number">${number}</span>${TITLES[section]}</h2>
    ${CONTENTS[section](document)}
  </section> `;

const lead = (text: Value): Html => html`<p class="lead">${text}</p>`;

const CONTENTS: Readonly<Record<Section, (document: ReportDocument) => Value>> = {
  ages: ({ keys, users, madeAt }) => [
    lead(
      'Every key that IAM lists for the users of the stack, against the policy of its user (maximumKeyAge). An inactive key cannot be used, so the policy does not ask for its age.',
    ),
    ageChart(keys),
    agesTable({ keys, users, madeAt }),
  ],
  rotations: ({ rotations }) => [
    lead(
      'What Secrets Manager reported of each rotation that began or ended in the period. A rotation that failed is tried again by itself.',
    ),
    table(
      [
        { name: 'User', kind: 'name' },
        { name: 'Began', kind: 'moment' },
        { name: 'Ended', kind: 'moment' },
        { name: 'Result' },
        { name: 'Failed tries', kind: 'number' },
        { name: 'Reason' },
      ],
      rotations,
      ({ user, startedAt, endedAt, result, failures, why }) => [
        user,
        moment(startedAt, 'not seen'),
        moment(endedAt, 'not seen'),
        resultOf(result),
        failures,
        why,
      ],
      'No rotation was reported in the period.',
    ),
  ],
  acts: ({ keyActs }) => [
    lead('Calls on keys of rotated users in the period: made, activated, deactivated, deleted, and by whom.'),
    table(
      [
        { name: 'User', kind: 'name' },
        { name: 'When', kind: 'moment' },
        { name: 'What' },
        { name: 'Key', kind: 'id' },
        { name: 'By', kind: 'principal' },
      ],
      keyActs,
      ({ user, at, act, keyId, by, refused }) => [
        user,
        moment(at),
        refused === undefined
          ? act
          : html`<span class="mark attention">not ${act}</span><span class="sub">refused: ${refused}</span>`,
        keyId,
        by,
      ],
      'No such call was seen in the period.',
    ),
  ],
  journal: ({ journal }) => [
    lead(
      'The journal is what the functions write down before they change a key. It has the current key and the previous ones, not everything that ever was.',
    ),
    table(
      [{ name: 'User', kind: 'name' }, { name: 'When', kind: 'moment' }, { name: 'What happened' }],
      journal,
      ({ user, at, what }) => [user, moment(at), what],
      'The journal tells of nothing in the period.',
    ),
  ],
  holds: ({ holds }) => [
    lead(
      'Keys whose retirement is due and not done, and why. A hold keeps an application working; somebody has to end it.',
    ),
    table(
      [
        { name: 'User', kind: 'name' },
        { name: 'Key', kind: 'id' },
        { name: 'Since', kind: 'moment' },
        { name: 'Cause', kind: 'id' },
        { name: 'Why' },
      ],
      holds,
      ({ user, keyId, since, cause, why }) => [user, keyId, moment(since, 'not noted yet'), cause, why],
      'No key is held.',
    ),
  ],
  exemptions: ({ exemptions }) => [
    lead('Users who are not rotated for now, with the reason that the configuration gives and the end.'),
    table(
      [
        { name: 'User', kind: 'name' },
        { name: 'Until', kind: 'moment' },
        { name: 'Reason' },
        { name: 'Owner' },
      ],
      exemptions,
      ({ user, until, reason, owner }) => [user, moment(until), reason, owner],
      'No user is exempted.',
    ),
  ],
  reads: ({ reads, numbers }) => [
    lead(
      `${numbered(numbers.reads, 'read')} of secrets by ${numbered(numbers.readers, 'principal')}, and ${numbers.readsRefused} that AWS refused, in the event history of the region.`,
    ),
    table(
      [
        { name: 'Secret of', kind: 'name' },
        { name: 'Read by', kind: 'principal' },
        { name: 'Reads', kind: 'number' },
        { name: 'Refused', kind: 'number' },
        { name: 'First and last', kind: 'moment' },
        { name: 'From and with' },
      ],
      reads,
      (read) => [
        read.user,
        read.principal,
        read.reads,
        read.refused === 0 ? 0 : html`<span class="mark attention">${read.refused}</span>`,
        html`${moment(read.firstAt)}<br />${moment(read.lastAt)}`,
        fromAndWith(read),
      ],
      'No read was seen in the period.',
    ),
  ],
  faults: ({ faults }) => [
    lead('What is wrong now, and what was wrong and ended, as far as the table still knows it.'),
    table(
      [
        { name: 'User', kind: 'name' },
        { name: 'Fault' },
        { name: 'Severity' },
        { name: 'Since', kind: 'moment' },
        { name: 'Ended', kind: 'moment' },
      ],
      faults,
      ({ user, title, what, severity, since, endedAt }) => [
        user,
        html`${title}<span class="sub">${what}</span>`,
        severity === 'critical' ? html`<span class="mark bad">critical</span>` : severity,
        moment(since, 'not noted yet'),
        endedAt === undefined ? html`<span class="mark attention">open</span>` : moment(endedAt),
      ],
      'There is no fault.',
    ),
  ],
  controls: ({ controls }) => [
    lead(
      'AWS maps two controls of Security Hub, IAM.3 and SecretsManager.1, to the requirements below. What each asks is in our words, and what was found is about the users of this stack. It is not a claim that a requirement is met.',
    ),
    html`<div class="controls">
      ${controls.map(
        ({ framework, id, mappedBy, asks, found, evidence }) =>
          html`<div class="control">
            <div>
              <h3>${framework} ${id}</h3>
              <p class="by">mapped by ${mappedBy}</p>
            </div>
            <div>
              <p class="asks">${asks}</p>
              <ul>
                ${found.map((sentence) => html`<li>${sentence}</li>`)}
              </ul>
              <p class="by">
                Evidence:
                ${evidence.map((section, index) => html`${index === 0 ? '' : ', '}<a href="#${section}">${TITLES[section]}</a>`)}
              </p>
            </div>
          </div> `,
      )}
    </div>`,
  ],
  unseen: ({ unseen }) => [
    lead('This report can only show what it was allowed to read. None of this counts as fine.'),
    table(
      [{ name: 'What', kind: 'name' }, { name: 'Why, and where it may be' }, { name: 'When' }],
      unseen,
      ({ what, why, when }) => [
        what,
        why,
        when === 'thisTime' ? html`<span class="mark bad">this time</span>` : 'always',
      ],
      'Everything was seen.',
    ),
  ],
};

function agesTable({ keys, users, madeAt }: Pick<ReportDocument, 'keys' | 'users' | 'madeAt'>): Html {
  const owners = new Map(users.map(({ user, owner }) => [user, owner]));
  return table(
    [
      { name: 'User', kind: 'name' },
      { name: 'Key', kind: 'id' },
      { name: 'Status' },
      { name: 'Age', kind: 'number' },
      { name: 'Limit', kind: 'number' },
      { name: 'Verdict' },
      { name: 'Made', kind: 'moment' },
      { name: 'Last use', kind: 'moment' },
    ],
    keys,
    (key) => [
      html`${key.user}${owners.get(key.user) === undefined ? undefined : html`<span class="sub">${owners.get(key.user)}</span>`}`,
      key.keyId,
      html`${key.status}<span class="sub">${key.role}</span>`,
      ageOf(key),
      key.maximumAgeSeconds === undefined ? undefined : shortLength(key.maximumAgeSeconds * SECOND),
      verdictOf(key),
      html`${dayOf(key.createdAt)}`,
      key.lastUsedAt === undefined ? 'none known' : lastUse(key.lastUsedAt, madeAt),
    ],
    'IAM lists no key, or could not be asked.',
  );
}

const ageOf = ({ ageSeconds }: ReportKey): string =>
  ageSeconds * SECOND < DAY ? 'under 1 d' : shortLength(ageSeconds * SECOND);

const lastUse = (moment: string, madeAt: string): string =>
  dayOf(moment) === dayOf(madeAt) ? 'today' : dayOf(moment);

const verdictOf = ({ verdict }: ReportKey): Value =>
  ({
    within: 'within',
    over: html`<span class="mark bad">over</span>`,
    inactive: 'inactive',
    noPolicy: html`<span class="mark attention">no policy</span>`,
  })[verdict];

const resultOf = (result: ReportRotation['result']): Value =>
  ({
    succeeded: 'succeeded',
    failed: html`<span class="mark bad">failed</span>`,
    abandoned: html`<span class="mark attention">abandoned</span>`,
    noEnd: html`<span class="mark attention">no end seen</span>`,
  })[result];

const fromAndWith = ({ addresses, userAgents }: ReportDocument['reads'][number]): Html =>
  html`${addresses.join(', ')}<span class="sub">${userAgents.join('; ')}</span>`;

const moment = (at: string | undefined, otherwise = ''): string => (at === undefined ? otherwise : inUtc(at));

interface Column {
  readonly name: string;
  readonly kind?: 'name' | 'number' | 'id' | 'principal' | 'moment';
}

/** A table that a phone shows as one paragraph for each row; its roles keep it a table for those who listen. */
function table<Row>(
  columns: readonly Column[],
  rows: readonly Row[],
  cellsOf: (row: Row) => readonly Value[],
  ifNone: string,
): Html {
  if (rows.length === 0) return html`<p class="none">${ifNone}</p>`;
  return html`<table role="table">
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(({ name, kind = '' }) => html`<th role="columnheader" scope="col" class="${kind === 'number' ? kind : ''}">${name}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${function* () {
        for (const row of rows) yield rowOf(columns, cellsOf(row));
      }}
    </tbody>
  </table>`;
}

/** Of what stands in a cell: the name of the column, which a phone shows in the same cell, keeps its letters. */
const CLASSES: Readonly<Record<string, string>> = { id: 'id', principal: 'id' };

const rowOf = (columns: readonly Column[], cells: readonly Value[]): Html =>
  html`<tr role="row">
    ${columns.map(({ name, kind = '' }, index) => {
      const cell = cells[index];
      if (cell === undefined || cell === '') return html`<td role="cell" class="blank"></td>`;
      const content = kind === 'name' ? cell : html`<span class="${CLASSES[kind] ?? ''}">${cell}</span>`;
      return html`<td role="cell" class="${kind}" data-label="${name}">${content}</td>`;
    })}
  </tr> `;

const footOf = ({ product, madeAt, madeBy, period }: ReportDocument): Html =>
  html`<footer class="foot">
    <p>
      Made ${inUtc(madeAt)} by ${product} with the credentials of <span class="id">${madeBy}</span>, from the
      table of the stack, IAM, Secrets Manager and CloudTrail's event history from ${inUtc(period.from)} until
      ${inUtc(period.until)}. Nothing was changed.
    </p>
    <p>
      The page needs no network: it holds no script, and its content security policy forbids every request.
    </p>
  </footer>`;
