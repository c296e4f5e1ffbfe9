import vm from 'node:vm';
import { describe, expect, test } from 'vitest';
import { objectionScript } from '../../shared/publicity/objection-script.ts';

type Listener = (event: { preventDefault: () => void }) => unknown;

/** The page's form and what the script asks of a browser, as little of it as the script uses. */
function openPage(answers: readonly { status: number; body: object | undefined }[]) {
  const listeners: Record<string, Listener> = {};
  const element = () => ({
    textContent: '',
    className: '',
    hidden: true,
    focus: () => undefined,
    replaceChildren: () => undefined,
  });
  const values: Record<string, { value: string }> = {
    kind: { value: 'anonymous' },
    contact: { value: '' },
    rowNo: { value: '2' },
    reason: { value: '该单位所报学员中有人并未参加培训，请核实。' },
  };
  const form = {
    hidden: true,
    elements: values,
    querySelector: () => ({ disabled: false }),
    querySelectorAll: () => [],
    getAttribute: () => '/notices/N/objections',
    addEventListener: (name: string, listener: Listener) => {
      listeners[name] = listener;
    },
  };
  const keys: string[] = [];
  const left = [...answers];
  const fetch = async (_: string, { headers }: { headers: Record<string, string> }) => {
    keys.push(headers['idempotency-key'] ?? '');
    const answer = left.shift();
    if (answer === undefined) throw new Error('no network');
    const json = async () => {
      if (answer.body === undefined) throw new SyntaxError('not JSON');
      return answer.body;
    };
    return { ok: answer.status < 300, status: answer.status, json };
  };
  const answer = element();
  const document = {
    getElementById: (id: string) => (id === 'objection' ? form : answer),
    createElement: element,
  };
  vm.runInNewContext(objectionScript, { document, fetch, crypto, Uint8Array, Array, JSON, Number });
  return {
    keys,
    submit: async () => listeners['submit']?.({ preventDefault: () => undefined }),
    type: () => listeners['input']?.({ preventDefault: () => undefined }),
  };
}

const refusal = (title: string) => ({ title, detail: '…' });

describe('the script that sends an objection', () => {
  test.each([
    ['is still at work', 409, refusal('request-in-progress')],
    ['lost a race', 409, refusal('changed-meanwhile')],
    ['failed halfway', 500, refusal('internal-error')],
    ['was not reached in time', 504, undefined],
    ['is unavailable', 503, refusal('temporarily-unavailable')],
  ])('asks again under the same key when the first request %s', async (_, status, body) => {
    const page = openPage([
      { status, body },
      { status, body },
    ]);
    for (let click = 0; click < 3; click += 1) await page.submit();
    expect(page.keys).toHaveLength(3);
    expect(new Set(page.keys).size).toBe(1);
  });

  test.each([
    ['is refused', 400, refusal('validation-failed')],
    ['comes too late', 409, refusal('state-not-permitted')],
    ['has a key of another content', 422, refusal('idempotency-key-reused')],
  ])('takes a new key when the first request %s', async (_, status, body) => {
    const page = openPage([{ status, body }]);
    for (let click = 0; click < 2; click += 1) await page.submit();
    expect(new Set(page.keys).size).toBe(2);
  });

  test('and a new one for another content', async () => {
    const page = openPage([]);
    await page.submit();
    page.type();
    await page.submit();
    expect(new Set(page.keys).size).toBe(2);
  });
});
