import { describe, expect, test } from 'vitest';
import { furtherStories } from '../../../../local/sample/all-routes/further-stories.ts';
import { projectStories } from '../../../../local/sample/all-routes/project-stories.ts';
import { qualificationStories } from '../../../../local/sample/all-routes/qualification-stories.ts';
import { firstAllotments, lateAllotment } from '../../../../local/sample/all-routes/register.ts';
import { storyName } from '../../../../local/sample/all-routes/route-story.ts';
import { wenzhou202058 } from '../../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { readIdentityNumber } from '../../../../shared/regulation/identity-number.ts';

const stories = [...qualificationStories, ...projectStories, ...furtherStories];
const lines = stories.flatMap((story) => story.lines);

describe('the stories of the journey', () => {
  test('play every route of the edition once, with a class where the route has one', () => {
    const routes = wenzhou202058.routes.map(
      ({ programme, route, hasClass }) => [`${programme}/${route}`, hasClass] as const,
    );
    expect(new Map(stories.map((story) => [storyName(story), story.training !== undefined]))).toEqual(new Map(routes));
    expect(stories).toHaveLength(13);
  });

  test('name nobody twice, and everybody by a sound identity number', () => {
    expect(new Set(lines.map(({ line }) => line.idNumber)).size).toBe(lines.length);
    for (const { line } of lines) expect(readIdentityNumber(line.idNumber).valid).toBe(true);
  });

  test('have each turn once, and the lines that end by it', () => {
    expect(stories.flatMap(({ turn = [] }) => turn).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'bounced',
      'objection-dismissed',
      'objection-upheld',
      'recovered',
      'returned',
      'two-step-payment',
      'unit-bounced',
      'waits-for-funds',
    ]);
    const endings = (turn: string) => stories.find((story) => story.turn === turn)?.lines.map(({ ends }) => ends);
    expect(endings('objection-upheld')).toEqual(['paid', 'released']);
    expect(endings('recovered')).toEqual(['recovered', 'paid']);
  });

  test('only the claim that waits is paid by the account that gets its money late', () => {
    const late = stories.filter(({ account }) => account === lateAllotment.account);
    expect(late.map(({ turn }) => turn)).toEqual(['waits-for-funds']);
    expect(firstAllotments).not.toHaveProperty(lateAllotment.account);
  });
});
