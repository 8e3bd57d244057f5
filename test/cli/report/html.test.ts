import { html, writeHtml, type Value } from '../../../cli/report/html';

function textOf(value: Value): string {
  const pieces: string[] = [];
  writeHtml(value, (piece) => pieces.push(piece));
  return pieces.join('');
}

describe('the template html', () => {
  it('escapes what is put into text and into attributes, apostrophes and backquotes included', () => {
    const evil = `<b onclick="x">'&\``;
    expect(textOf(html`<p title="${evil}">${evil}</p>`)).toBe(
      '<p title="&#60;b onclick=&#34;x&#34;&#62;&#39;&#38;&#96;">&#60;b onclick=&#34;x&#34;&#62;&#39;&#38;&#96;</p>',
    );
  });

  it('escapes in lists, and in what a function gives', () => {
    const rows = function* () {
      yield '<i>';
      yield html`<li>${'<i>'}</li>`;
    };
    expect(textOf(html`${['<i>', 1]}${rows}`)).toBe('&#60;i&#62;1&#60;i&#62;<li>&#60;i&#62;</li>');
  });

  it('does not escape what it has made itself a second time, and leaves out what is undefined', () => {
    expect(textOf(html`<p>${html`<b>${'&'}</b>`}${undefined}</p>`)).toBe('<p><b>&#38;</b></p>');
  });

  it('shows marks that turn the direction of writing as their numbers', () => {
    expect(textOf(html`${'a\u202Eb'}`)).toBe('a\\u{202e}b');
  });
});
