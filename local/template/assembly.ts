import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';

/** One resource as the template states it; nothing is resolved yet. */
export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Record<string, unknown>;
  /** Name of the condition under which the resource exists. */
  readonly condition: string | undefined;
  /** Construct path, `Service/assess-claim/Resource`; the readable name of the resource where there is one. */
  readonly path: string | undefined;
}

export interface Template {
  readonly parameters: Record<string, { readonly default: unknown }>;
  readonly mappings: Record<string, Record<string, Record<string, unknown>>>;
  readonly conditions: Record<string, unknown>;
  readonly resources: readonly TemplateResource[];
  /** Output id → its value (unresolved) and export name (unresolved), if it has one. */
  readonly outputs: Record<
    string,
    { readonly value: unknown; readonly exportName: unknown; readonly condition?: string }
  >;
}

export interface Stack {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** `aws` or `aws-cn`, from the region. */
  readonly partition: string;
  readonly urlSuffix: string;
  /** Folder that holds `asset.<hash>` folders. */
  readonly assets: string;
  readonly template: Template;
}

const manifestShape = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      environment: z.string().optional(),
      dependencies: z.array(z.string()).default([]),
      properties: z
        .object({
          templateFile: z.string().optional(),
          stackName: z.string().optional(),
          directoryName: z.string().optional(),
        })
        .optional(),
    }),
  ),
});

const templateShape = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.unknown().optional() })).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z
    .record(
      z.string(),
      z.object({
        Type: z.string(),
        Properties: z.record(z.string(), z.unknown()).default({}),
        Condition: z.string().optional(),
        Metadata: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .default({}),
  Outputs: z
    .record(
      z.string(),
      z.object({
        Value: z.unknown(),
        Condition: z.string().optional(),
        Export: z.object({ Name: z.unknown() }).optional(),
      }),
    )
    .default({}),
});

/**
 * Reads a cloud assembly (`cdk.out`): every stack, those that others need first.
 * @throws Error when the folder holds no assembly or a stack has no explicit account and region.
 */
export function readAssembly(directory: string): Stack[] {
  const folder = resolve(directory);
  const manifest = manifestShape.parse(readJson(join(folder, 'manifest.json'), 'is this a cdk.out folder?'));
  const stacks = new Map<string, Stack[]>();
  const visit = (id: string, trail: readonly string[]): Stack[] => {
    const known = stacks.get(id);
    if (known !== undefined) return [];
    const artifact = manifest.artifacts[id];
    if (artifact === undefined || trail.includes(id)) return [];
    const before = artifact.dependencies.flatMap((dependency) => visit(dependency, [...trail, id]));
    const own = readArtifact(folder, id, artifact);
    stacks.set(id, own);
    return [...before, ...own];
  };
  const ordered = Object.keys(manifest.artifacts).flatMap((id) => visit(id, []));
  if (ordered.length === 0) throw new Error(`no stack in the cloud assembly ${folder}`);
  return ordered;
}

type Artifact = z.infer<typeof manifestShape>['artifacts'][string];

function readArtifact(folder: string, id: string, artifact: Artifact): Stack[] {
  const properties = artifact.properties ?? {};
  // A CDK Stage is an assembly inside the assembly.
  if (artifact.type === 'cdk:cloud-assembly' && properties.directoryName !== undefined) {
    return readAssembly(join(folder, properties.directoryName));
  }
  if (artifact.type !== 'aws:cloudformation:stack' || properties.templateFile === undefined) return [];
  const name = properties.stackName ?? id;
  const templateFile = join(folder, properties.templateFile);
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment ?? '') ?? [];
  if (account === undefined || region === undefined || account.startsWith('unknown') || region.startsWith('unknown')) {
    throw new Error(`stack ${name}: give it an explicit env (account and region); found ${artifact.environment}`);
  }
  const china = region.startsWith('cn-');
  return [
    {
      name,
      account,
      region,
      partition: china ? 'aws-cn' : 'aws',
      urlSuffix: china ? 'amazonaws.com.cn' : 'amazonaws.com',
      assets: dirname(templateFile),
      template: readTemplate(templateFile),
    },
  ];
}

function readTemplate(file: string): Template {
  const raw = templateShape.parse(readJson(file, 'the manifest names it'));
  return {
    parameters: mapValues(raw.Parameters, (parameter) => ({ default: parameter.Default })),
    mappings: raw.Mappings,
    conditions: raw.Conditions,
    resources: Object.entries(raw.Resources).map(([logicalId, resource]) => ({
      logicalId,
      type: resource.Type,
      properties: resource.Properties,
      condition: resource.Condition,
      path: typeof resource.Metadata?.['aws:cdk:path'] === 'string' ? resource.Metadata['aws:cdk:path'] : undefined,
    })),
    outputs: mapValues(raw.Outputs, (output) => ({
      value: output.Value,
      exportName: output.Export?.Name,
      ...(output.Condition === undefined ? {} : { condition: output.Condition }),
    })),
  };
}

function readJson(file: string, hint: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`cannot read ${file} (${hint})`, { cause });
  }
}

function mapValues<From, To>(record: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
