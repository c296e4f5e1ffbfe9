import { RetentionDays } from 'aws-cdk-lib/aws-logs';

const stageNames = ['local', 'dev', 'prod'] as const;
/** `local` runs on one machine from the same template; `dev` and `prod` are accounts of their own. */
type StageName = (typeof stageNames)[number];

type Partition = 'aws' | 'aws-cn';

/** Everything in which one deployment differs from another. */
export interface StageSettings {
  stage: StageName;
  account: string;
  region: string;
  partition: Partition;
  /** Processor of every function. AWS China documents no difference; x86_64 is the cautious default. */
  architecture: 'x86_64' | 'arm64';
  /** Tables, buckets, keys and logs outlive the removal of their stack. */
  keepsData: boolean;
  /** 网络安全法 21: at least six months. */
  logRetention: RetentionDays;
  /** Years that evidence stays locked (regulation 三(二): the ledger is kept for five years or more). */
  evidenceRetentionYears: number;
  /** Web origins that may call the API and upload, such as `https://jipei.example.gov.cn`. */
  webOrigins: readonly string[];
  /** Where alarms are sent; nobody is written to when it is absent, which prod does not allow. */
  alarmEmail?: string;
  /** Requests a second over all routes, and how many at once. */
  requestRate: number;
  requestBurst: number;
}

type PerStage = Pick<
  StageSettings,
  'keepsData' | 'logRetention' | 'evidenceRetentionYears' | 'requestRate' | 'requestBurst'
>;

const perStage: Readonly<Record<StageName, PerStage>> = {
  local: {
    keepsData: false,
    logRetention: RetentionDays.SIX_MONTHS,
    evidenceRetentionYears: 5,
    requestRate: 2_000,
    requestBurst: 4_000,
  },
  dev: {
    keepsData: true,
    logRetention: RetentionDays.SIX_MONTHS,
    evidenceRetentionYears: 5,
    requestRate: 50,
    requestBurst: 100,
  },
  prod: {
    keepsData: true,
    logRetention: RetentionDays.THIRTEEN_MONTHS,
    evidenceRetentionYears: 5,
    requestRate: 200,
    requestBurst: 400,
  },
};

/** Reads one setting by name: CDK context, given as `-c name=value`. */
export type ContextReader = (name: string) => unknown;

const chineseRegions = ['cn-north-1', 'cn-northwest-1'] as const;

function text(read: ContextReader, name: string): string | undefined {
  const value = read(name);
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'object') throw new Error(`-c ${name}: one value, not a list or an object`);
  return `${value as string | number | boolean}`;
}

function oneOf<const Choice extends string>(name: string, value: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new Error(`-c ${name}=${value}: choose one of ${choices.join(', ')}`);
  return found;
}

/** Where the data live. Beijing and Ningxia are a partition of their own, with accounts of their own. */
function place(read: ContextReader): { region: string; partition: Partition } {
  const region = text(read, 'region') ?? 'cn-north-1';
  if (region.startsWith('cn-')) return { region: oneOf('region', region, chineseRegions), partition: 'aws-cn' };
  if (!/^(af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d$/.test(region)) {
    throw new Error(`-c region=${region}: not a region of the partitions aws or aws-cn`);
  }
  return { region, partition: 'aws' };
}

function required(read: ContextReader, stage: StageName, name: string, example: string): string {
  const value = text(read, name);
  if (value === undefined) throw new Error(`stage ${stage} needs -c ${name}=${example}`);
  return value;
}

function webOrigins(read: ContextReader, stage: StageName): string[] {
  // No cookie is ever involved, so any page on a developer's machine may call.
  if (stage === 'local') return ['*'];
  const origins = required(read, stage, 'webOrigins', 'https://portal.example.gov.cn').split(',');
  const wrong = origins.find((origin) => !/^https:\/\/[a-z0-9.-]+(:\d+)?$/.test(origin));
  if (wrong !== undefined) throw new Error(`-c webOrigins: "${wrong}" is not an origin like https://host`);
  return origins;
}

/**
 * The settings of the stage that the context names (default: local).
 * @throws Error that names the setting at fault and what it may be.
 */
export function readStage(read: ContextReader): StageSettings {
  const stage = oneOf('stage', text(read, 'stage') ?? 'local', stageNames);
  const { region, partition } = place(read);
  // 个人信息保护法 36: state organs keep personal data on the mainland.
  if (stage === 'prod' && partition !== 'aws-cn' && text(read, 'outsideMainland') !== 'no-personal-data') {
    throw new Error(
      `stage prod in ${region} is outside mainland China: personal data must stay there (个人信息保护法 36). ` +
        'Only for a deployment that will never hold any, say -c outsideMainland=no-personal-data',
    );
  }
  const account = stage === 'local' ? '000000000000' : required(read, stage, 'account', '<twelve digits>');
  if (!/^\d{12}$/.test(account)) throw new Error(`-c account=${account}: an account has twelve digits`);
  // Money and people's data are watched by somebody from the first day on.
  const isProd = stage === 'prod';
  const alarmEmail = isProd ? required(read, stage, 'alarmEmail', 'on-call@example.gov.cn') : text(read, 'alarmEmail');
  return {
    ...perStage[stage],
    stage,
    account,
    region,
    partition,
    architecture: oneOf('architecture', text(read, 'architecture') ?? 'x86_64', ['x86_64', 'arm64']),
    webOrigins: webOrigins(read, stage),
    ...(alarmEmail === undefined ? {} : { alarmEmail }),
  };
}
