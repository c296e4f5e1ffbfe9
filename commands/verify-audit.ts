// npm run -s verify-audit -- FILE…: verifies audit trails (the JSON that GET /claims/{claimId}/audit gives, or an
// audit.ndjson of a dossier: one trail a line). Prints one JSON line per trail; exits 0 when all hold, 1 when one does
// not, 2 for a file that is no trail or holds none. Without arguments it reads standard input.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { readAuditExport, verifyAudit } from '../shared/supervision/audit-export.ts';

async function verifyStream(name: string, input: Readable): Promise<number> {
  let worst = 0;
  let row = 0;
  let trails = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    row += 1;
    if (text.trim() === '') continue;
    trails += 1;
    try {
      const verdict = verifyAudit(readAuditExport(JSON.parse(text)));
      process.stdout.write(`${JSON.stringify(verdict)}\n`);
      if (!verdict.holds) worst = Math.max(worst, 1);
    } catch {
      process.stderr.write(`${name}:${row}: not an audit trail\n`);
      worst = 2;
    }
  }
  if (trails > 0) return worst;
  process.stderr.write(`${name}: no audit trail in it\n`);
  return 2;
}

const files = process.argv.slice(2);
let worst = 0;
if (files.length === 0) worst = await verifyStream('standard input', process.stdin);
for (const file of files) {
  try {
    worst = Math.max(worst, await verifyStream(file, createReadStream(file)));
  } catch (error) {
    process.stderr.write(`${file}: ${(error as Error).message}\n`);
    worst = 2;
  }
}
process.exitCode = worst;
