/** Asks a bank under test over HTTP, for what no load is measured on. Rejects on any status but 2xx. */
export async function callApi(
  port: number,
  key: string,
  path: string,
  body: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${path} was answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
