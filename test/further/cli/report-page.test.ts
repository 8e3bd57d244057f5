import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { writePage } from '../../../cli/report/page';
import { reportOf } from '../../../cli/report/report';
import { someFacts } from '../../cli/report/support/facts';

/* What a browser makes of the page of a report. It needs Chromium (`apt install chromium`), which the machines of CI do not have. */

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

interface Seen {
  /** Loads, scripts and styles that the page's content security policy refused. */
  readonly refused: readonly string[];
  /** Whether the page's own style is in force. */
  readonly styled: boolean;
  /** How far the page is wider than the window, in pixels. */
  readonly overflow: number;
  readonly background: string;
  readonly violations: readonly { readonly id: string; readonly impact: string; readonly nodes: number }[];
}

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Runs in the page. What it saw is left in the title, because Chromium prints the page at its end. */
const PROBE = `
  const refused = [];
  document.addEventListener('securitypolicyviolation', (event) =>
    refused.push(event.violatedDirective + ' ' + event.blockedURI));
  addEventListener('load', async () => {
    for (const src of ['https://example.org/x.png', 'data:image/gif;base64,R0lGODlhAQABAAAAACw='])
      document.body.append(Object.assign(new Image(), { src, alt: 'x', className: 'intruder' }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    document.querySelectorAll('.intruder').forEach((image) => image.remove());
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    document.title = 'SEEN' + encodeURIComponent(JSON.stringify({
      refused,
      styled: getComputedStyle(document.querySelector('table')).borderCollapse === 'collapse',
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      background: getComputedStyle(document.body).backgroundColor,
      violations: violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.length, first: nodes[0].html.slice(0, 200) })),
    })) + 'NEES';
  });
`;

function pageOf(users: number): string {
  const pieces: string[] = [];
  writePage(reportOf(someFacts(users)), (piece) => pieces.push(piece));
  return pieces.join('');
}

const describeWithChromium = CHROMIUM === undefined ? describe.skip : describe;

describeWithChromium('the page of a report in Chromium (skipped where there is none)', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'report-page-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const fileOf = (users: number, page = pageOf(users)): string => {
    const file = join(folder, `${users}.html`);
    writeFileSync(file, page);
    return pathToFileURL(file).href;
  };
  const chromium = (...args: readonly string[]): string =>
    spawnSync(
      CHROMIUM!,
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${join(folder, 'profile')}`],
        ...args,
      ],
      { encoding: 'utf8', maxBuffer: 1e9 },
    ).stdout;

  function look(users: number, scheme: 'dark' | 'light', width: number): Seen {
    const hashes = [AXE, PROBE].map(
      (script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
    );
    // The page's own policy, which allows these two scripts besides.
    const page = pageOf(users)
      .replace("base-uri 'none'", `script-src ${hashes.join(' ')}; base-uri 'none'`)
      // A function, because the scripts are full of what String.replace takes for a pattern.
      .replace('</head>', () => `<script>${AXE}</script><script>${PROBE}</script></head>`);
    const stdout = chromium(
      ...['--virtual-time-budget=60000', '--dump-dom', `--window-size=${width},900`],
      `--blink-settings=preferredColorScheme=${scheme === 'dark' ? 0 : 1}`,
      fileOf(users, page),
    );
    const [, seen] = /SEEN(.*?)NEES/.exec(stdout) ?? [];
    if (seen === undefined) throw new Error('Chromium did not come to the end of the page.');
    return JSON.parse(decodeURIComponent(seen)) as Seen;
  }

  it.each([
    [3, 'light', 1280, 'rgb(255, 255, 255)'],
    [3, 'dark', 500, 'rgb(20, 24, 29)'],
    [60, 'light', 500, 'rgb(255, 255, 255)'],
    [60, 'dark', 1280, 'rgb(20, 24, 29)'],
  ] as const)(
    'has no fault of accessibility that axe finds, with %i users, %s, %i pixels wide',
    (users, scheme, width, background) => {
      const { violations, styled, overflow, background: seen } = look(users, scheme, width);
      expect(violations).toEqual([]);
      expect({ styled, overflow, seen }).toEqual({ styled: true, overflow: 0, seen: background });
    },
  );

  it('refuses to load a picture from elsewhere, and one that is given in the address', () => {
    expect(look(3, 'light', 1280).refused).toEqual(['img-src https://example.org/x.png', 'img-src data']);
  });

  // With `pdftotext` of poppler-utils.
  const itWithPoppler = spawnSync('pdftotext', ['-v']).status === 0 ? it : it.skip;

  itWithPoppler('is printed with the head of the table on each page, and with nothing cut', () => {
    const pdf = join(folder, 'report.pdf');
    chromium('--no-pdf-header-footer', `--print-to-pdf=${pdf}`, fileOf(500));
    const textOf = (...options: readonly string[]): string =>
      spawnSync('pdftotext', [...options, pdf, '-'], { encoding: 'utf8', maxBuffer: 1e9 }).stdout;

    const pages = textOf('-layout').split('\f').slice(1, -1);
    expect(pages.length).toBeGreaterThan(50);
    // A page begins with a head, or with a control, of which there are few and which have none.
    const tops = pages.map((page) => page.trimStart().split(/\s{2,}/)[0]!);
    const withoutHead = tops.filter((top) => !['User', 'Secret of', 'What'].includes(top));
    expect(withoutHead.length).toBeLessThanOrEqual(3);
    for (const top of withoutHead) expect(top).toMatch(/^\d+ |^(AWS|CIS|PCI|NIST) /);

    const whole = reportOf(someFacts(500));
    const ids = [...whole.keys, ...whole.keyActs, ...whole.holds].map(({ keyId }) => keyId);
    const words = [
      ...textOf('-bbox').matchAll(/<page width="([\d.]+)"|<word [^>]*xMax="([\d.]+)"[^>]*>([^<]*)/g),
    ];
    const count = (list: readonly (string | undefined)[]): number => list.filter(Boolean).length;
    expect(count(words.map(([, , , word]) => /^AKIA\w{9}EXAMPLE$/.exec(word ?? '')?.[0]))).toBe(count(ids));

    const pageWidth = Number(words[0]![1]);
    const rightMost = Math.max(...words.map(([, , xMax = '0']) => Number(xMax)));
    // 15 mm of margin.
    expect(rightMost).toBeLessThanOrEqual(pageWidth - 41);
  });
});
