import { readFile } from 'node:fs/promises';
import { clusterFiles } from './cluster-files.ts';
import { superuser } from './initialise-cluster.ts';

/** URL of a database of the cluster in `folder` while another process runs it. Holds a secret: not for logs. */
export async function urlOfRunningCluster(folder: string, database: string): Promise<string> {
  const files = clusterFiles(folder);
  const [password, port] = await Promise.all(
    [files.password, files.port].map(async (path) => (await readFile(path, 'utf8')).trim()),
  );
  return `postgres://${superuser}:${encodeURIComponent(password ?? '')}@127.0.0.1:${Number(port)}/${encodeURIComponent(database)}`;
}
