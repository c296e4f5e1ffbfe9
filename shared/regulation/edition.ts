import type { CalendarDate } from './calendar-date.ts';
import type { AbilityList, Catalogue, DatedCatalogue, OccupationClass } from './catalogue.ts';
import { catalogueOf } from './catalogue.ts';
import type {
  ApplicantKind,
  AssessmentRequest,
  CertificateOrigin,
  ContractSchemas,
  Course,
  District,
  MaterialKind,
  Payee,
  Programme,
  Route,
} from './contract.ts';
import { contractSchemas, LEVEL_TERMS } from './contract.ts';
import type { Fen } from './money.ts';
import type { Parameters } from './parameters.ts';
import { checkOf } from './schema-check.ts';
import { statedName, withoutWhiteSpace } from './white-space.ts';
import type { WorkingCalendar } from './working-days.ts';

/** A district (行政区) that a request of the edition may name. */
export interface DistrictDefinition {
  readonly code: District;
  readonly name: string;
  /** one of the districts that the edition is made for (市区) */
  readonly urban: boolean;
}

/** Which fact decides the authority that receives a claim, and with it the account that pays. */
export type DecidedBy =
  /** 开班备案地: the district of the class */
  | 'class'
  /** 失业保险缴费地: where the applicant pays unemployment insurance */
  | 'insurance'
  /** 竞赛组织选送地: the district that organised or sent to the competition */
  | 'competition'
  /** 委托的行业主管部门: the department itself */
  | 'department';

/** A condition that the applicant must meet beyond its kind. */
export type ApplicantCondition =
  /** 开展技能人才自主评价或职业技能等级认定试点, 一(一)2(2) */
  | 'self-evaluation'
  /** 规模以上、重点产业所列或相关特定企业, 一(二)2(1) */
  | 'trait'
  /** 具有独立法人资格, 一(三)1 */
  | 'legal-person';

/** Which trainees a route pays for (补贴对象). */
export type Recipients =
  /** one of ① to ④ of 一(一)2(1) */
  | 'listed-persons'
  /** insured in an urban district when applying, and one of ① to ④ */
  | 'insured-listed-persons'
  /** 本校毕业年度高校毕业生, 一(一)2(3) */
  | 'graduating-students'
  /** 本企业职工, 一(二)2(1), 一(三)1, 一(四) */
  | 'own-employees'
  /** 本校毕业年度毕业生、离校2年内未就业毕业生、市区从业人员, 一(二)2(3) */
  | 'students-graduates-and-workers';

/** One row of the routes table: who applies, where, who is paid, and what the route asks for. */
export interface RouteDefinition {
  readonly programme: Programme;
  readonly route: Route;
  readonly article: string;
  readonly applicants: readonly ApplicantKind[];
  readonly condition?: ApplicantCondition;
  /** a college with an approval counts as a training institution here, 五(三) */
  readonly collegeAsInstitution: boolean;
  readonly decidedBy: DecidedBy;
  readonly payee: Payee;
  readonly hasClass: boolean;
  /** a claim of one person: exactly one trainee line */
  readonly onePerson: boolean;
  /** 灵活备案: filing ahead is not measured in days, 三(一) */
  readonly flexibleFiling: boolean;
  readonly recipients?: Recipients;
  /** the way in which the certificate must have been obtained, where the person claims (个人) */
  readonly certificateOrigin?: CertificateOrigin;
  readonly materials: readonly MaterialKind[];
  /** asked for on top where a line is a student apprentice's */
  readonly studentMaterials: readonly MaterialKind[];
}

/** Every figure that the text of an edition states, apart from the choices in its parameters. */
export interface Figures {
  /** 五(一), completed years (周岁) */
  readonly age: {
    readonly lower: number;
    readonly upperMale: number;
    readonly upperFemale: number;
    readonly upperFemaleDomestic: number;
  };
  /** 一(一)1: the uplift of shortage occupations, percent */
  readonly shortageUpliftPercent: number;
  /** 一(一)2(1): years after issue within which a person may claim */
  readonly claimWithinYears: number;
  /** 一(一)2(1)③: years after leaving school */
  readonly graduateWithinYears: number;
  /** 一(二)1 */
  readonly project: {
    readonly perHour: Fen;
    readonly cap: Fen;
    readonly upliftPercent: number;
    readonly minimumHours: number;
    readonly specialNew: Fen;
    readonly specialRenewal: Fen;
  };
  /** 一(二)2(1): teaching videos */
  readonly videos: { readonly count: number; readonly durationMs: number };
  /** 一(三) */
  readonly preJob: { readonly standard: Fen; readonly minimumHours: number; readonly contractMonths: number };
  /** 一(四) */
  readonly apprenticeship: {
    /** costs up to here are paid as they are, and dearer ones at least this much */
    readonly threshold: Fen;
    readonly sharePercent: number;
    readonly cap: Fen;
    /** what a completion certificate alone earns, percent of the standard */
    readonly completionOnlyPercent: number;
    readonly studentCap: Fen;
    readonly studentContractMonths: number;
  };
  /** 一(五) */
  readonly masterApprentice: { readonly classSize: number; readonly batchesPerYear: number };
  /** 一(六) and annex 1 */
  readonly entrepreneurship: {
    readonly classSize: number;
    readonly courses: Readonly<Record<Course, { readonly standard: Fen; readonly minimumHours: number }>>;
  };
  /** 四(二): subsidies a person may have in one calendar year */
  readonly subsidiesPerYear: number;
  /** annex 4: the city's one-character abbreviation (简称) and the fixed letter of training */
  readonly certificateCode: { readonly place: string; readonly fixed: string };
}

/** All that one edition of the regulation states, as data. It depends on no other edition. */
export interface EditionDefinition {
  readonly id: string;
  /** 文号 */
  readonly document: string;
  readonly title: string;
  /** claims it applies to, both days included, 五(四) */
  readonly appliesFrom: CalendarDate;
  readonly appliesTo: CalendarDate;
  readonly districts: readonly DistrictDefinition[];
  /** the code that stands for the city itself (市本级) */
  readonly cityDistrict: District;
  /** accounts that another one stands in for: whose subsidies are paid by whom, 三(三) */
  readonly fundedBy: Readonly<Record<District, District>>;
  readonly routes: readonly RouteDefinition[];
  readonly occupationClasses: readonly OccupationClass[];
  readonly abilityLists: readonly AbilityList[];
  readonly figures: Figures;
  readonly parameters: Parameters;
  readonly workingCalendar: WorkingCalendar;
}

/** An edition made ready: its definition, the schemas of its requests, and look-ups. Make one with `defineEdition`. */
export interface Edition extends EditionDefinition {
  readonly schemas: ContractSchemas;
  /** whether the request schema accepts a value as it is */
  isRequest(value: unknown): value is AssessmentRequest;
  /** the row of the routes table, or undefined where the programme has no such route */
  routeOf(programme: Programme, route: Route): RouteDefinition | undefined;
  isUrban(district: District): boolean;
  nameOf(district: District): string;
  /** annexes 1 and 2 as printed, and as publications changed them, in the order of time */
  readonly catalogues: readonly [DatedCatalogue, ...DatedCatalogue[]];
  /** how many publications have changed the annexes: names what a decision was made by */
  readonly catalogueVersion: number;
  /** the annexes in force on a date: a certificate is judged by those of its day of issue (取得补贴目录内…证书) */
  readonly catalogueOn: (date: CalendarDate) => Catalogue;
}

/**
 * Makes an edition ready for use and checks that its data hold together.
 * @throws RangeError that names every contradiction in the data
 */
export function defineEdition(definition: EditionDefinition): Edition {
  const faults = faultsOf(definition);
  if (faults.length > 0) throw new RangeError(`Edition ${definition.id}: ${faults.join('; ')}`);
  const routes = new Map<Programme, Map<Route, RouteDefinition>>();
  for (const row of definition.routes) {
    routes.set(row.programme, (routes.get(row.programme) ?? new Map()).set(row.route, row));
  }
  const districts = new Map(definition.districts.map((district) => [district.code, district]));
  const { abilityLists, occupationClasses } = definition;
  const catalogue = catalogueOf({ abilityLists, occupationClasses, withdrawn: [], changedBy: new Map() });
  const schemas = contractSchemas({ edition: definition.id, districts: [...districts.keys()] });
  const isRequest = checkOf(schemas.request);
  return {
    ...definition,
    schemas,
    isRequest: (value): value is AssessmentRequest => isRequest(value),
    routeOf: (programme, route) => routes.get(programme)?.get(route),
    isUrban: (district) => districts.get(district)?.urban === true,
    nameOf: (district) => districts.get(district)?.name ?? district,
    catalogues: [{ from: undefined, catalogue }],
    catalogueVersion: 0,
    catalogueOn: () => catalogue,
  };
}

/** The same edition under other choices, for what-if questions. The edition given stays as it is. */
export function withParameters(edition: Edition, parameters: Parameters): Edition {
  const { catalogueOn, catalogues, catalogueVersion } = edition;
  return { ...defineEdition({ ...edition, parameters }), catalogueOn, catalogues, catalogueVersion };
}

/** What contradicts itself in the data of an edition. */
function faultsOf(definition: EditionDefinition): string[] {
  const faults: string[] = [];
  const codes = new Set(definition.districts.map((district) => district.code));
  if (definition.appliesFrom > definition.appliesTo) faults.push('it ends before it begins');
  if (codes.size !== definition.districts.length) faults.push('a district code is used twice');
  if (!codes.has(definition.cityDistrict)) faults.push(`the city's code ${definition.cityDistrict} is no district`);
  for (const [from, to] of Object.entries(definition.fundedBy)) {
    if (!codes.has(from) || !codes.has(to)) faults.push(`the account ${from} or ${to} is no district`);
  }
  const pairs = definition.routes.map((row) => `${row.programme}/${row.route}`);
  faults.push(...repeated(pairs).map((pair) => `the route ${pair} stands twice in the table`));
  for (const row of definition.routes) {
    if (row.decidedBy === 'class' && !row.hasClass) faults.push(`the route ${row.programme}/${row.route} has no class`);
  }
  const printed = definition.occupationClasses.flatMap((entry) => entry.occupations.map(withoutWhiteSpace));
  faults.push(...repeated(printed).map((occupation) => `annex 1 prints ${occupation} twice`));
  if (definition.occupationClasses.filter((entry) => entry.others).length > 1)
    faults.push('two classes take the others');
  for (const list of definition.abilityLists) {
    const term = LEVEL_TERMS[list.level];
    const names = list.occupations.map(withoutWhiteSpace);
    faults.push(...repeated(names).map((occupation) => `annex 2 prints ${occupation} twice for ${term}`));
    if (list.occupations.some((occupation) => statedName(occupation) === undefined)) faults.push('a blank ability');
  }
  return faults;
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
