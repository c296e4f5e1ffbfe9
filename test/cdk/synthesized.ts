import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { deploySuite } from '../../cdk/deployment.ts';
import { readStage, type StageSettings } from '../../cdk/stage.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };

export const prodInChina = {
  stage: 'prod',
  account: '123456789012',
  region: 'cn-northwest-1',
  webOrigins: 'https://portal.example.gov.cn',
  alarmEmail: 'on-call@example.gov.cn',
};
export const devElsewhere = { ...prodInChina, stage: 'dev', region: 'eu-west-1' };
export const local = { stage: 'local' };

type Json = Record<string, unknown>;

/** One resource of a template, with the stack it belongs to. */
export interface Resource {
  /** `<stack>/<logical id>`, unique in the deployment. */
  id: string;
  type: string;
  properties: Json;
  deletionPolicy: unknown;
  updateReplacePolicy: unknown;
  dependsOn: readonly string[];
}

interface RawTemplate {
  Resources: Record<
    string,
    { Type: string; Properties?: Json; DeletionPolicy?: string; UpdateReplacePolicy?: string; DependsOn?: string[] }
  >;
  Outputs?: Record<string, { Value: unknown; Export?: { Name: string } }>;
  Parameters?: Record<string, unknown>;
}

/** A whole deployment as CloudFormation would see it. */
export class Synthesized {
  readonly templates: Readonly<Record<string, RawTemplate>>;
  readonly resources: readonly Resource[];
  readonly terminationProtection: readonly boolean[];
  readonly settings: StageSettings;

  constructor(stacks: readonly Stack[], settings: StageSettings) {
    this.settings = settings;
    this.terminationProtection = stacks.map((stack) => stack.terminationProtection);
    this.templates = Object.fromEntries(
      stacks.map((stack) => [stack.stackName, Template.fromStack(stack).toJSON() as RawTemplate]),
    );
    this.resources = Object.entries(this.templates).flatMap(([stack, template]) =>
      Object.entries(template.Resources).map(([logicalId, resource]) => ({
        id: `${stack}/${logicalId}`,
        type: resource.Type,
        properties: resource.Properties ?? {},
        deletionPolicy: resource.DeletionPolicy,
        updateReplacePolicy: resource.UpdateReplacePolicy,
        dependsOn: (resource.DependsOn ?? []).map((other) => `${stack}/${other}`),
      })),
    );
  }

  ofType(type: string): Resource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The function of that name. */
  functionOf(name: string): Resource {
    const found = this.ofType('AWS::Lambda::Function').filter(({ properties }) => {
      const { Variables } = properties['Environment'] as { Variables: Json };
      return Variables['POWERTOOLS_SERVICE_NAME'] === name;
    });
    if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} functions are called ${name}`);
    return found[0];
  }

  byId(id: string): Resource {
    const found = this.resources.find((resource) => resource.id === id);
    if (found === undefined) throw new Error(`no resource ${id}`);
    return found;
  }

  /**
   * The ids of the resources that a value of `resource` refers to, across stacks too: `Ref`, `Fn::GetAtt` and
   * `Fn::ImportValue`, anywhere inside the value.
   */
  referencesIn(resource: Resource, value: unknown): string[] {
    const [stack = ''] = resource.id.split('/');
    return this.#references(stack, value);
  }

  #references(stack: string, value: unknown): string[] {
    if (Array.isArray(value)) return value.flatMap((one) => this.#references(stack, one));
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => {
      if (key === 'Ref') return String(inner).startsWith('AWS::') ? [] : [`${stack}/${inner}`];
      if (key === 'Fn::GetAtt') return [`${stack}/${(inner as string[])[0]}`];
      if (key === 'Fn::ImportValue') return this.#exported(String(inner));
      return this.#references(stack, inner);
    });
  }

  #exported(name: string): string[] {
    for (const [stack, template] of Object.entries(this.templates)) {
      for (const { Value, Export } of Object.values(template.Outputs ?? {})) {
        if (Export?.Name === name) return this.#references(stack, Value);
      }
    }
    throw new Error(`nobody exports ${name}`);
  }
}

const assemblies: string[] = [];

/** Removes what the apps of this file have written; the construct library leaves it lying. */
export function removeAssemblies(): void {
  for (const folder of assemblies.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** An app with the product's flags; code is taken as it lies, since bundling adds nothing that these tests look at. */
export function suite(context: Readonly<Record<string, string>>, validated = false) {
  const outdir = mkdtempSync(join(tmpdir(), 'jipei-assembly-'));
  assemblies.push(outdir);
  const app = new App({
    analyticsReporting: false,
    outdir,
    builtinCloudFormationValidation: validated,
    context: { ...cdkJson.context, 'aws:cdk:enable-path-metadata': true, ...context },
  });
  const settings = readStage((name) => app.node.tryGetContext(name));
  const { storage, service } = deploySuite(app, settings, (name) => `functions/${name}`);
  return { app, stacks: [storage, service], settings };
}

/** The deployment of a stage. */
export function synthesized(context: Readonly<Record<string, string>>): Synthesized {
  const { stacks, settings } = suite(context);
  return new Synthesized(stacks, settings);
}
