import type { LineRule } from '../rule.ts';
import { constant, everyRoute, pass, refer } from '../rule.ts';

/** 二(二): facts are taken from shared records; nobody is paid on unchecked ones. */
export const statusVerified: LineRule = {
  level: 'line',
  id: 'status.verified',
  title: '身份信息核实',
  article: '二(二)',
  file: 'provisions/2-2-verified-records.ts',
  words: [
    '积极落实“放管服”改革要求，对能依托信息管理平台、信息共享或业务协同获得的个人及单位信息、资料的，直接审核，不再要求申请人报送纸质材料。',
  ],
  correctable: false,
  outcomes: ['pass', 'refer'],
  concerns: everyRoute,
  evaluate({ line }) {
    if (line.status === undefined) return undefined;
    return line.statusVerified ? VERIFIED : NOT_VERIFIED;
  },
};

const VERIFIED = constant(pass('学员的参保、户籍、就业等信息已经共享数据核实（二(二)）', { statusVerified: true }));
const NOT_VERIFIED = constant(
  refer('学员的参保、户籍、就业等信息尚未经共享数据核实，请受理部门比对后再定（二(二)）', {
    statusVerified: false,
  }),
);
