import { createHash } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, test } from 'vitest';
import { Sha256 } from '../../../local/signature/sha256.ts';
import { CREDENTIALS, outcome, REGION, refusal, type S3Fixture, START, startFixture } from './s3-fixture.ts';

const BUCKET = 'incoming';
const FILE = 'ten bytes!';
const DATE = '20260302T040506Z';
const SCOPE = `${CREDENTIALS.accessKeyId}/20260302/${REGION}/s3/aws4_request`;

type Condition = Record<string, string> | readonly (string | number)[];

/** A form as a browser would be handed it: policy and signature made with the given secret. */
async function signForm(
  fields: Record<string, string>,
  conditions: readonly Condition[],
  overrides: { secretAccessKey?: string; expiration?: string } = {},
): Promise<Record<string, string>> {
  const signing = { 'x-amz-algorithm': 'AWS4-HMAC-SHA256', 'x-amz-credential': SCOPE, 'x-amz-date': DATE };
  const document = {
    expiration: overrides.expiration ?? '2026-03-02T04:20:06Z',
    conditions: [
      { bucket: BUCKET },
      ...Object.entries(signing).map(([name, value]) => ({ [name]: value })),
      ...conditions,
    ],
  };
  const policy = Buffer.from(JSON.stringify(document)).toString('base64');
  const signer = new SignatureV4({
    service: 's3',
    region: REGION,
    credentials: { ...CREDENTIALS, secretAccessKey: overrides.secretAccessKey ?? CREDENTIALS.secretAccessKey },
    sha256: Sha256,
  });
  const signature = await signer.sign(policy, { signingDate: START });
  return { ...fields, ...signing, policy, 'x-amz-signature': signature };
}

function send(
  fixture: S3Fixture,
  fields: Record<string, string>,
  file: string = FILE,
  name = 'clip.mp4',
): Promise<Response> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('file', new Blob([file], { type: 'video/mp4' }), name);
  return fetch(`${fixture.server.endpoint}/${BUCKET}`, { method: 'POST', body: form });
}

function without(field: string): (form: Record<string, string>) => Record<string, string> {
  return (form) => Object.fromEntries(Object.entries(form).filter(([name]) => name !== field));
}

const FIELDS = { key: 'user/1/clip.mp4', 'Content-Type': 'video/mp4' };
const CONDITIONS: readonly Condition[] = [
  ['starts-with', '$key', 'user/1/'],
  ['eq', '$Content-Type', 'video/mp4'],
  ['content-length-range', 5, 20],
];

describe('a form upload', () => {
  test('within its policy is stored and answered 204', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const response = await send(fixture, await signForm(FIELDS, CONDITIONS));
    expect(response.status).toBe(204);
    expect(response.headers.get('etag')).toBe(`"${createHash('md5').update(FILE).digest('hex')}"`);
    const got = await fixture.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'user/1/clip.mp4' }));
    expect(await got.Body?.transformToString()).toBe(FILE);
    expect(got.ContentType).toBe('video/mp4');
  });

  test.each([
    ['200', 200, ''],
    ['201', 201, '<Key>user/1/clip.mp4</Key>'],
    ['204', 204, ''],
    ['500', 204, ''],
  ])('asking for success status %s is answered %i', async (wanted, status, shown) => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const fields = { ...FIELDS, success_action_status: wanted };
    const form = await signForm(fields, [...CONDITIONS, { success_action_status: wanted }]);
    const response = await send(fixture, form);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(shown);
  });

  test('fills the file name into the key, and keeps metadata beyond ASCII', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder that S3 fills in
    const fields = { ...FIELDS, key: 'user/1/${filename}', 'x-amz-meta-title': '教学' };
    const form = await signForm(fields, [...CONDITIONS, ['starts-with', '$x-amz-meta-title', '']]);
    expect((await send(fixture, form, FILE, '视频.mp4')).status).toBe(204);
    const head = await fixture.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'user/1/视频.mp4' }));
    expect(head.Metadata).toEqual({ title: `=?UTF-8?B?${Buffer.from('教学').toString('base64')}?=` });
  });

  test.each([
    [4, { code: 'EntityTooSmall', status: 400 }],
    [5, { code: '', status: 204 }],
    [20, { code: '', status: 204 }],
    [21, { code: 'EntityTooLarge', status: 400 }],
    [20_000_000, { code: 'EntityTooLarge', status: 400 }],
  ])('of %i bytes under a range of 5 to 20 is %j', async (bytes, expected) => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const response = await send(fixture, await signForm(FIELDS, CONDITIONS), 'x'.repeat(bytes));
    expect(await outcome(response)).toEqual(expected);
    expect(fixture.blobs()).toHaveLength(expected.status === 204 ? 1 : 0);
    expect(fixture.incoming()).toEqual([]);
  });

  test.each<[string, (form: Record<string, string>) => Record<string, string>, { code: string; status: number }]>([
    ['another key', (form) => ({ ...form, key: 'user/2/clip.mp4' }), { code: 'AccessDenied', status: 403 }],
    ['another type', (form) => ({ ...form, 'Content-Type': 'text/html' }), { code: 'AccessDenied', status: 403 }],
    ['a field the policy lacks', (form) => ({ ...form, 'x-amz-meta-a': 'b' }), { code: 'AccessDenied', status: 403 }],
    ['no type', without('Content-Type'), { code: 'AccessDenied', status: 403 }],
    ['no signature', without('x-amz-signature'), { code: 'AccessDenied', status: 403 }],
    ['no policy', without('policy'), { code: 'AccessDenied', status: 403 }],
    [
      'a bad signature',
      (form) => ({ ...form, 'x-amz-signature': 'f'.repeat(64) }),
      { code: 'SignatureDoesNotMatch', status: 403 },
    ],
    [
      'another policy',
      (form) => ({
        ...form,
        policy: Buffer.from('{"expiration":"2030-01-01T00:00:00Z","conditions":[]}').toString('base64'),
      }),
      { code: 'SignatureDoesNotMatch', status: 403 },
    ],
    [
      'an unknown access key',
      (form) => ({ ...form, 'x-amz-credential': SCOPE.replace('AKIDLOCAL', 'AKIDOTHER') }),
      { code: 'InvalidAccessKeyId', status: 403 },
    ],
    ['another bucket named', (form) => ({ ...form, bucket: 'evidence' }), { code: 'InvalidArgument', status: 400 }],
    ['no key', without('key'), { code: 'InvalidArgument', status: 400 }],
  ])('with %s is refused', async (_, tamper, expected) => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const response = await send(fixture, tamper(await signForm(FIELDS, CONDITIONS)));
    expect(await outcome(response)).toEqual(expected);
    expect(fixture.blobs()).toEqual([]);
  });

  test('signed with another secret, or expired, is refused', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const forged = await signForm(FIELDS, CONDITIONS, { secretAccessKey: 'guessed' });
    expect(await outcome(await send(fixture, forged))).toEqual({ code: 'SignatureDoesNotMatch', status: 403 });
    const form = await signForm(FIELDS, CONDITIONS);
    fixture.advance(new Date('2026-03-02T04:20:06Z').getTime() - START.getTime() - 1);
    expect((await send(fixture, form)).status).toBe(204);
    fixture.advance(1);
    expect(await outcome(await send(fixture, form))).toEqual({ code: 'AccessDenied', status: 403 });
  });

  test('is held to its checksum', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const checksum = createHash('sha256').update(FILE).digest('base64');
    const fields = { ...FIELDS, 'x-amz-checksum-sha256': checksum };
    const form = await signForm(fields, [...CONDITIONS, { 'x-amz-checksum-sha256': checksum }]);
    expect(await outcome(await send(fixture, form, FILE.toUpperCase()))).toEqual({ code: 'BadDigest', status: 400 });
    expect((await send(fixture, form)).headers.get('x-amz-checksum-sha256')).toBe(checksum);
  });

  test('with metadata whose name no header can bear is refused', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    for (const name of ['x-amz-meta-教学', 'x-amz-meta-a b', 'x-amz-meta-']) {
      const form = await signForm({ ...FIELDS, [name]: 'x' }, [...CONDITIONS, { [name]: 'x' }]);
      expect(await outcome(await send(fixture, form))).toEqual({ code: 'InvalidArgument', status: 400 });
    }
  });

  test('asking for what is not done here is refused', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    for (const [name, value] of [
      ['acl', 'public-read'],
      ['success_action_redirect', 'https://example.org/'],
      ['x-amz-server-side-encryption', 'AES256'],
      ['tagging', '<Tagging/>'],
    ] as const) {
      const form = await signForm({ ...FIELDS, [name]: value }, [...CONDITIONS, { [name]: value }]);
      expect(await outcome(await send(fixture, form))).toEqual({ code: 'NotImplemented', status: 501 });
    }
  });

  test('with a policy that cannot be read is refused', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    for (const [condition, expiration] of [
      [['ends-with', '$key', 'x'], '2026-03-02T04:20:06Z'],
      [['content-length-range', 'a', 'b'], '2026-03-02T04:20:06Z'],
      [{ key: 'x' }, 'tomorrow'],
    ] as const) {
      const form = await signForm(FIELDS, [condition], { expiration });
      expect(await outcome(await send(fixture, form))).toEqual({ code: 'InvalidPolicyDocument', status: 400 });
    }
  });

  test('that is no form, or has no file, is refused', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const address = `${fixture.server.endpoint}/${BUCKET}`;
    const post = (body: string): Promise<Response> =>
      fetch(address, { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=b' }, body });
    expect(await outcome(await post('nothing'))).toEqual({ code: 'IncompleteBody', status: 400 });
    expect(await outcome(await post(`--b\r\nno: name\r\n\r\nx\r\n--b--\r\n`))).toEqual({
      code: 'MalformedPOSTRequest',
      status: 400,
    });
    const field = 'content-disposition: form-data; name="key"\r\n\r\nk';
    expect(await outcome(await post(`--b\r\n${field}\r\n--b--\r\n`))).toEqual({ code: 'InvalidArgument', status: 400 });
    const long = `content-disposition: form-data; name="key"\r\n\r\n${'k'.repeat(21_000)}`;
    expect(await outcome(await post(`--b\r\n${long}\r\n--b--\r\n`))).toEqual({
      code: 'MaxPostPreDataLengthExceeded',
      status: 400,
    });
    const absent = await fetch(`${fixture.server.endpoint}/absent`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body: 'x',
    });
    expect(await outcome(absent)).toEqual({ code: 'NoSuchBucket', status: 404 });
    expect(await refusal(fixture.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'k' })))).toMatchObject({
      status: 404,
    });
  });
});
