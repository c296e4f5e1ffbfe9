import { finance } from '../people.ts';
import { preparerAt } from './cast.ts';
import type { RouteStory } from './route-story.ts';
import type { Stage } from './stage.ts';

/** What each account gets at first, fen; an account that is not here has to wait for its money. */
export const firstAllotments: Readonly<Record<string, number>> = {
  city: 2_000_000,
  lucheng: 2_000_000,
  longwan: 1_000_000,
  ouhai: 1_000_000,
};

/** 经开区 gets its money only after a claim has been approved there. */
export const lateAllotment = { account: 'jingkai', fen: 500_000 };

export async function allot({ api }: Stage, account: string, fen: number): Promise<number> {
  const order = { fen, reference: `温财社〔2021〕5号-${account}`, reason: '2021年度职业技能提升行动专账资金' };
  return (await api.good(finance, `POST /funds/${account}/allotments`, order)).resumed;
}

/** The bureau registers the applicants (二(二)), takes in what shared registers say of the people, and gets its money. */
export async function register(stage: Stage, stories: readonly RouteStory[]): Promise<void> {
  const registrar = preparerAt('hr-bureau/city');
  for (const { applicant } of stories) {
    await stage.api.good(registrar, `PUT /organisations/${applicant.tenant}`, applicant.facts);
  }
  const records = stories.flatMap(({ lines }) =>
    lines.flatMap(({ line, sharedRecord }) =>
      sharedRecord === undefined ? [] : [{ idNumber: line.idNumber, status: sharedRecord }],
    ),
  );
  await stage.api.good(registrar, 'POST /shared-records', {
    source: '浙江省公共数据平台',
    verifiedOn: '2021-03-08',
    records,
  });
  for (const [account, fen] of Object.entries(firstAllotments)) await allot(stage, account, fen);
}
