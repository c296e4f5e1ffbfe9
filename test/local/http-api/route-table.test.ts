import { describe, expect, test } from 'vitest';
import { matchRoute } from '../../../local/http-api/route-table.ts';

const routes = [
  'ANY /{proxy+}',
  'GET /claims',
  'GET /claims/{id}',
  'POST /claims/{id}',
  'GET /claims/mine',
  'ANY /claims/{id}',
  'GET /claims/{id}/evidence/{evidenceId}',
  'GET /public/{proxy+}',
].map((key) => ({ key }));

const match = (method: string, path: string, table = routes) => {
  const found = matchRoute(table, method, path);
  return found && [found.route.key, found.pathParameters];
};

describe('route priority', () => {
  test.each([
    ['GET', '/claims', 'GET /claims', {}],
    ['GET', '/claims/mine', 'GET /claims/mine', {}],
    ['GET', '/claims/7', 'GET /claims/{id}', { id: '7' }],
    ['DELETE', '/claims/7', 'ANY /claims/{id}', { id: '7' }],
    ['DELETE', '/claims/mine', 'ANY /claims/{id}', { id: 'mine' }],
    ['GET', '/claims/7/evidence/8', 'GET /claims/{id}/evidence/{evidenceId}', { id: '7', evidenceId: '8' }],
    ['GET', '/claims/7/evidence', 'ANY /{proxy+}', { proxy: 'claims/7/evidence' }],
    ['GET', '/public/a/b.html', 'GET /public/{proxy+}', { proxy: 'a/b.html' }],
    ['POST', '/public/a', 'ANY /{proxy+}', { proxy: 'public/a' }],
    // a slash at the end is another path
    ['GET', '/claims/', 'ANY /{proxy+}', { proxy: 'claims/' }],
    ['GET', '/claims/a%2Fb%20c', 'GET /claims/{id}', { id: 'a/b c' }],
  ])('%s %s', (method, path, key, parameters) => {
    expect(match(method, path)).toEqual([key, parameters]);
  });

  test('$default takes what nobody else does', () => {
    const table = [{ key: '$default' }, { key: 'GET /claims' }];
    expect(match('GET', '/claims', table)).toEqual(['GET /claims', {}]);
    expect(match('GET', '/', table)).toEqual(['$default', {}]);
  });

  test('nothing fits', () => {
    expect(match('PATCH', '/claims', [{ key: 'GET /claims' }])).toBeUndefined();
    expect(match('GET', '/claims/7/8', [{ key: 'GET /claims/{id}' }])).toBeUndefined();
    expect(match('GET', '/claims/', [{ key: 'GET /claims/{id}' }])).toBeUndefined();
  });

  test('a broken percent sign is told by its error', () => {
    expect(() => match('GET', '/claims/%zz')).toThrow(URIError);
  });
});
