import { describe, expect, it } from 'vitest';
import { html } from './html.ts';
import { prefersHtml } from './media-type.ts';

describe('a page', () => {
  it('escapes what is put into it', () => {
    const name = `<script>alert("1")</script>'&`;
    expect(html`<td title="${name}">${name}</td>`.html).toBe(
      '<td title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;">' +
        '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;</td>',
    );
  });

  it('takes parts of pages as they are', () => {
    const rows = ['<a>', 'b'].map((name) => html`<li>${name}</li>`);
    expect(html`<ul>${rows}</ul>${1}${2n}`.html).toBe('<ul><li>&lt;a&gt;</li><li>b</li></ul>12');
  });
});

describe('who gets a page', () => {
  it.each([
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
    ['text/html', true],
    ['TEXT/HTML; q=0.5', true],
    ['text/html, application/json;q=0.9', true],
    ['text/html;q=0.5, application/json', false],
    ['application/json, text/html', false],
    ['text/html;q=0', false],
    ['text/html;q=x', false],
    ['application/json', false],
    ['*/*', false],
    ['', false],
    [undefined, false],
  ])('%s: %s', (accept, answer) => {
    expect(prefersHtml(accept)).toBe(answer);
  });
});
