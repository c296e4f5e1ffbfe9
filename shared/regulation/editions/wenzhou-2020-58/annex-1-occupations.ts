import type { OccupationClass } from '../../catalogue.ts';
import type { Level } from '../../contract.ts';
import type { Fen } from '../../money.ts';
import { yuan } from '../../money.ts';

/** A row of annex 1 in yuan: 初级, 中级, 高级, 技师, 高级技师. */
function standards(
  junior: number,
  intermediate: number,
  senior: number,
  technician: number,
  seniorTechnician: number,
): Record<Level, Fen> {
  return {
    junior: yuan(junior),
    intermediate: yuan(intermediate),
    senior: yuan(senior),
    technician: yuan(technician),
    'senior-technician': yuan(seniorTechnician),
  };
}

/**
 * 附件1 国家职业资格证书（职业技能等级证书）, A、B、C 类. Class C is also that of every other occupation whose
 * certificate the province's or the city's bureaus issue (除上述A、B、C类以外的其他).
 */
export const OCCUPATION_CLASSES: readonly OccupationClass[] = [
  {
    name: 'A',
    occupations: [
      '车工',
      '铣工',
      '焊工',
      '电工',
      '铸造工',
      '锻造工',
      '钳工',
      '磨工',
      '汽车维修工',
      '电梯安装维修工',
      '机床装调维修工',
      '模具工',
      '起重装卸机械操作工',
      '冲压工',
      '电切削工',
      '制冷空调系统安装维修工',
    ],
    others: false,
    standards: standards(1200, 1600, 2400, 3500, 4500),
  },
  {
    name: 'B',
    occupations: [
      '中央空调系统运行操作员',
      '锅炉操作工',
      '金属热处理工',
      '制冷工',
      '中式烹调师',
      '西式烹调师',
      '中式面点师',
      '西式面点师',
      '美容师',
      '美发师',
      '眼镜验光员',
      '眼镜定配工',
    ],
    others: false,
    standards: standards(1000, 1200, 1800, 2800, 3800),
  },
  {
    name: 'C',
    occupations: [
      '育婴员',
      '保育员',
      '智能楼宇管理员',
      '保安员',
      '防水工',
      '钢筋工',
      '砌筑工',
      '混凝土工',
      '木工',
      '架子工',
      '茶艺师',
      '评茶员',
      '有害生物防制员',
      '安检员',
      '安全评价师',
      '劳动关系协调员',
      '企业人力资源管理师',
    ],
    others: true,
    standards: standards(800, 1000, 1500, 2500, 3500),
  },
];
