import { describe, expect, test } from 'vitest';
import { missingItems } from '../../shared/claims/missing-items.ts';
import type { Finding } from '../../shared/regulation/contract.ts';

const finding = (rule: string, more: Partial<Finding> = {}): Finding => ({
  rule,
  article: '一',
  outcome: 'fail',
  correctable: true,
  message: '差1个',
  facts: {},
  ...more,
});

describe('missing items', () => {
  test('each missing paper is one item in words, with what is still being verified', () => {
    const found = missingItems(
      [
        finding('evidence.materials', { facts: { missing: ['id-copies', 'sign-in-sheets'] } }),
        finding('evidence.videos'),
      ],
      [
        { id: '1', kind: 'id-copies' },
        { id: '2', kind: 'teaching-video' },
        { id: '3', kind: 'teaching-video' },
      ],
    );
    expect(found.map(({ kind, message }) => [kind, message])).toEqual([
      ['id-copies', '缺少身份证复印件，请上传（一）；已上传的1份还在核验，核验通过后即计入'],
      ['sign-in-sheets', '缺少签到表，请上传（一）'],
      ['teaching-video', '差1个；已上传的2份还在核验，核验通过后即计入'],
    ]);
  });

  test('what passes, what is referred and what cannot be mended is not missing', () => {
    const findings = [
      finding('evidence.videos', { outcome: 'pass' }),
      finding('class.size', { outcome: 'refer' }),
      finding('applicant.kind', { correctable: false }),
    ];
    expect(missingItems(findings, [])).toEqual([]);
  });
});
