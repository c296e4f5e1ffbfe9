import type { Claim, MaterialKind, Programme, Route } from '../contract.ts';
import { MATERIAL_TERMS } from '../contract.ts';
import type { Edition, RouteDefinition } from '../edition.ts';
import type { ClaimRule } from '../rule.ts';
import { everyRoute, fail, pass } from '../rule.ts';

/** 一: every route lists its materials (申领程序为：提交……等材料). */
export const evidenceMaterials: ClaimRule = {
  level: 'claim',
  id: 'evidence.materials',
  title: '申领材料',
  article: '一',
  file: 'provisions/1-0-materials.ts',
  words: [
    '由职业培训机构提交《温州市职业培训补贴申请表（单位）》《温州市职业培训补助学员花名册》、身份证复印件、职业资格证书发证名册、温州市社会保障·市民卡信息（已激活金融借记功能，可共享获取，下同）等材料',
    '对能依托信息管理平台、信息共享或业务协同获得的个人及单位信息、资料的，直接审核，不再要求申请人报送纸质材料',
  ],
  correctable: true,
  outcomes: ['pass', 'fail'],
  concerns: everyRoute,
  evaluate({ claim, route }) {
    const required = materialsOf(
      route,
      claim.lines.some((line) => line.apprentice?.kind === 'student'),
    );
    const missing = required.filter((kind) => !isThere(kind, claim));
    const facts = { required, missing };
    if (missing.length === 0) return pass('申领材料齐全（一）', facts);
    const names = missing.map((kind) => MATERIAL_TERMS[kind]).join('、');
    return fail(`申领材料缺少${missing.length}项：${names}，请补充后重新提交（${route.article}）`, facts);
  },
};

/** 二(二): what shared records can supply need not be asked for; a card on every line is the card information. */
function isThere(kind: MaterialKind, claim: Claim): boolean {
  return (
    claim.materials.includes(kind) ||
    (kind === 'card-information' && claim.lines.every((line) => line.card !== undefined))
  );
}

function materialsOf(route: RouteDefinition, withStudents: boolean): readonly MaterialKind[] {
  return withStudents ? [...route.materials, ...route.studentMaterials] : route.materials;
}

/**
 * The materials that a route asks for, in the order of the regulation; `withStudents` where one of the trainees is a
 * student apprentice (学生学徒). Undefined where the pair is no route of the edition.
 */
export function requiredMaterials(
  edition: Edition,
  programme: Programme,
  route: Route,
  withStudents: boolean,
): readonly MaterialKind[] | undefined {
  const row = edition.routeOf(programme, route);
  return row === undefined ? undefined : materialsOf(row, withStudents);
}
