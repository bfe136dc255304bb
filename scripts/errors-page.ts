import { ERRORS, isErrorCode, problemType, type ErrorCode } from '@lastro/contract';

/** Where the page lies in the repository; `scripts/write-errors-page.ts` writes it. */
export const ERRORS_PAGE = 'docs/reference/errors.md';

const INTRODUCTION = `# Errors

<!-- Made from packages/contract/src/errors.ts by \`node scripts/write-errors-page.ts\`. Change it there. -->

Every refusal and failure is a problem document ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)), \`application/problem+json\`:

\`\`\`json
{
  "type": "/errors#insufficient_funds",
  "title": "Insufficient funds",
  "status": 422,
  "code": "insufficient_funds",
  "retryable": false,
  "account": "ana",
  "requestId": "0195573c-b0aa-7d0e-9d55-c1a2b3d4e5f6"
}
\`\`\`

- **\`code\`** is what a program decides by. It never changes; titles and details may. \`title\` is Portuguese where \`Accept-Language\` begins with \`pt\`.
- **\`type\`** is a URI relative to the bank, \`/errors#<code>\`: the bank serves this list there, in the state of its own version. This page has the same anchors, so \`errors.md#<code>\` says the same.
- **\`retryable\`** says whether the same request, with the same id, can succeed later. Where waiting helps there is a \`Retry-After\`.
- **\`requestId\`** is also the header \`X-Request-Id\` of the answer, and stands in the bank's log.
- **\`account\`**, **\`sku\`** and **\`errors\`** (\`pointer\`, \`detail\`) name what it is about, where that helps.

A 4xx had no effect. A 503 was not submitted: no effect either. A 500, a 504 and a connection that ended without an answer leave it open: send the same request with the same id, and it gets the one outcome. What the rules refuse (409, 412, 422, 423) is recorded, and the same id gets the same refusal for ever; what is malformed, not authenticated, or was not submitted is not recorded.
`;

const HEADINGS: readonly (readonly [string, (status: number) => boolean])[] = [
  ['The request is wrong', (status) => status < 500 && ![409, 412, 422, 423].includes(status)],
  ['The rules refuse it', (status) => [409, 412, 422, 423].includes(status)],
  ['The bank can’t, now', (status) => status >= 500],
];

/** The page of errors as the registry has it. */
export function errorsPage(): string {
  const codes = Object.keys(ERRORS).filter(isErrorCode);
  const index = codes
    .toSorted()
    .map((code) => `| [\`${code}\`](#${code}) | ${ERRORS[code].status} | ${again(code)} |`);
  const chapters = HEADINGS.flatMap(([heading, belongs]) => [
    `## ${heading}\n`,
    ...codes
      .filter((code) => belongs(ERRORS[code].status))
      .toSorted((one, other) => ERRORS[one].status - ERRORS[other].status)
      .map(entryOf),
  ]);
  const table = ['| code | status | try again? |', '|---|---|---|', ...index, ''].join('\n');
  return [INTRODUCTION, table, ...chapters].join('\n');
}

function again(code: ErrorCode): string {
  return ERRORS[code].retryable ? 'yes' : 'no';
}

/** The heading is the code alone, so that its anchor is the fragment of the problem's `type`. */
function entryOf(code: ErrorCode): string {
  const { status, title, explanation } = ERRORS[code];
  if (problemType(code) !== `/errors#${code}`) throw new Error(`${code} has another anchor`);
  return `### ${code}

**${status} ${title.en}** · ${title.pt}. Try again: ${again(code)}.

${explanation}
`;
}
