import { createHash } from 'node:crypto';

/** Style and script of the pages, inline: nothing is loaded, and nothing but these may run. */

export const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 64rem; margin: 0 auto; padding: 1rem; }
nav { display: flex; gap: 1rem; padding-bottom: .5rem; border-bottom: 1px solid var(--line); }
h1 { font-size: 1.5rem; }
form { display: flex; flex-wrap: wrap; gap: .75rem; }
button { font: inherit; padding: .6rem 1.1rem; border: 1px solid var(--line); border-radius: .5rem; cursor: pointer; }
button:first-of-type { background: #14532d; color: #fff; }
output { display: block; min-height: 1.5rem; margin: 1rem 0; }
dl { display: flex; flex-wrap: wrap; gap: 1rem; }
dl div { flex: 1 1 9rem; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .5rem; }
dt { font-size: .875rem; }
dd { margin: 0; font-size: 1.75rem; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .4rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
ul { margin: 0; padding-left: 1.1rem; }
`;

export const SCRIPT = `
const form = document.querySelector('form');
const result = document.querySelector('output');
const show = async () => {
  const answer = await fetch('status', { headers: { accept: 'application/json' } });
  const status = await answer.json();
  if (!answer.ok) throw new Error(status.erro);
  for (const [name, value] of Object.entries(status)) document.getElementById(name).textContent = value;
  return status.em_andamento;
};
const post = async () => {
  const answer = await fetch('pedido', { method: 'POST' });
  const { mensagem, erro } = await answer.json();
  return answer.status + ': ' + (mensagem ?? erro);
};
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const count = Number(event.submitter?.value || 1);
  try {
    const answers = await Promise.all(Array.from({ length: count }, post));
    const texts = [...new Set(answers)];
    result.textContent = texts
      .map((text) => answers.filter((answer) => answer === text).length + ' × ' + text)
      .join(' · ');
    for (let tries = 0; tries < 40 && (await show()) > 0; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  } catch (error) {
    result.textContent = 'Sem resposta: ' + error.message;
  }
});
`;

/** The header that every page carries. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src '${digest(STYLE)}'`,
  `script-src '${digest(SCRIPT)}'`,
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
