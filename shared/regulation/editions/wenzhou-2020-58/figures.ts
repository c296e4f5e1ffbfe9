import type { Figures } from '../../edition.ts';
import { yuan } from '../../money.ts';

/** Every figure that the text states, apart from annexes 1 and 2, each with its article. */
export const FIGURES: Figures = {
  // 五(一) 男性16-60周岁，女性16-50周岁，家庭服务从业人员女性年龄可放宽至55周岁
  age: { lower: 16, upperMale: 60, upperFemale: 50, upperFemaleDomestic: 55 },
  // 一(一)1 在补贴目录规定的补贴标准基础上上浮50%
  shortageUpliftPercent: 50,
  // 一(一)2(1) 应在证书核发之日起一年内申领
  claimWithinYears: 1,
  // 一(一)2(1)③ 离校2年内未就业高校毕业生
  graduateWithinYears: 2,
  project: {
    // 一(二)1 按每人每课时25元、不超过2000元进行补贴，特定企业可上浮30%
    perHour: yuan(25),
    cap: yuan(2000),
    upliftPercent: 30,
    minimumHours: 1,
    // 一(二)1 特种作业人员操作证和特种设备作业人员证书500元、复审培训每人补贴100元
    specialNew: yuan(500),
    specialRenewal: yuan(100),
  },
  // 一(二)2(1) 培训授课视频（不少于3次，每次不少于2分钟）
  videos: { count: 3, durationMs: 120_000 },
  // 一(三) 劳动合同签订之日起12个月内，培训总课时不少于8课时，按200元/人的标准
  preJob: { standard: yuan(200), minimumHours: 8, contractMonths: 12 },
  apprenticeship: {
    // 一(四) 低于4000元的按实补贴，高于4000元的按60%和4000元就高，最高不超过6000元
    threshold: yuan(4000),
    sharePercent: 60,
    cap: yuan(6000),
    // 一(四) 取得培训合格证书的按上述补贴标准的50%支付
    completionOnlyPercent: 50,
    // 一(四) 学生学徒每人每年的补贴标准不高于3000元，签订的一年以上劳动合同
    studentCap: yuan(3000),
    studentContractMonths: 12,
  },
  // 一(五) 每期带徒人数一般不超过10人，每年不超过4期
  masterApprentice: { classSize: 10, batchesPerYear: 4 },
  entrepreneurship: {
    // 一(六) 一般每班不超过50人
    classSize: 50,
    // 一(六) 1000元/人、1500元/人; 附件1 课时
    courses: {
      SYB: { standard: yuan(1000), minimumHours: 64 },
      IYB: { standard: yuan(1000), minimumHours: 64 },
      online: { standard: yuan(1500), minimumHours: 106 },
      'internet-plus': { standard: yuan(1500), minimumHours: 104 },
      'simulated-company': { standard: yuan(1500), minimumHours: 168 },
    },
  },
  // 四(二) 培训补贴每人每年（自然年度）可享受不超过3次
  subsidiesPerYear: 3,
  // 附件4 第一位，温州市的简称；第三位为固定位“P”
  certificateCode: { place: '温', fixed: 'P' },
};
