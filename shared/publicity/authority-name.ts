import { authorityKind } from '../access/authority.ts';

/** A bureau's full name by the code of its district (各县（市、区）人力社保部门), as it signs its notices. */
const bureaus: Readonly<Record<string, string>> = {
  city: '温州市人力资源和社会保障局',
  lucheng: '温州市鹿城区人力资源和社会保障局',
  longwan: '温州市龙湾区人力资源和社会保障局',
  ouhai: '温州市瓯海区人力资源和社会保障局',
  jingkai: '温州经济技术开发区人力资源局',
  oujiangkou: '温州瓯江口产业集聚区人力资源局',
  dongtou: '温州市洞头区人力资源和社会保障局',
  yueqing: '乐清市人力资源和社会保障局',
  ruian: '瑞安市人力资源和社会保障局',
  yongjia: '永嘉县人力资源和社会保障局',
  pingyang: '平阳县人力资源和社会保障局',
  cangnan: '苍南县人力资源和社会保障局',
  wencheng: '文成县人力资源和社会保障局',
  taishun: '泰顺县人力资源和社会保障局',
  longgang: '龙港市社会事业局',
};

/** The ids of all bureaus, in the order of the districts. */
export const bureauIds: readonly string[] = Object.keys(bureaus).map((district) => `hr-bureau/${district}`);

/**
 * The name of an authority by its id (`hr-bureau/<district>`, `industry-department/<level>/<district>/<name>`): what
 * a notice is signed with unless the authority's own settings say otherwise.
 */
export function authorityName(authorityId: string): string {
  const [kind, second = '', , ...rest] = authorityId.split('/');
  if (kind === 'hr-bureau') return bureaus[second] ?? `${second}人力资源和社会保障局`;
  return rest.join('/');
}

/** The department that an authority id names (行业主管部门); undefined for a bureau. */
export function departmentName(authorityId: string): string | undefined {
  return authorityKind(authorityId) === 'industry-department' ? authorityName(authorityId) : undefined;
}
