/**
 * The stand-in as a process of its own, to be killed or measured. Arguments: data folder, the bucket's name.
 * Prints its address; on the line `rss` it answers with its resident memory in bytes.
 */
import { createInterface } from 'node:readline';
import { startS3 } from '../../../local/s3/server.ts';

const [, , dataDirectory = '', bucket = ''] = process.argv;
const server = await startS3({
  dataDirectory,
  now: () => new Date(),
  region: 'cn-north-1',
  credentials: { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'local-secret' },
  onEvent: () => undefined,
});
server.createBucket({ name: bucket });
process.stdout.write(`${server.endpoint}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'rss') process.stdout.write(`${process.memoryUsage.rss()}\n`);
}
await server.stop();
