import type { Stack, TemplateResource } from './assembly.ts';
import { holds, type References, resolveIntrinsics } from './intrinsics.ts';
import { type Addresses, type Identity, physicalIdentity } from './physical-names.ts';

/** A resource of the deployment with all intrinsic functions replaced. */
export interface DeployedResource {
  readonly stack: Stack;
  readonly logicalId: string;
  readonly type: string;
  readonly path: string | undefined;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly properties: Record<string, unknown>;
}

/** The stacks of an assembly, bound to the physical things that the engines created. */
export interface Deployment {
  readonly stacks: readonly Stack[];
  /** Existing resources of these types, in template order, properties resolved. */
  resources(...types: readonly string[]): DeployedResource[];
  /** Tells what an engine made of a resource: ids and ARNs that nobody can foresee. */
  register(resource: DeployedResource, identity: Identity): void;
  /** Everything registered so far, for a deployment of newer templates on the same engines. */
  registrations(): ReadonlyMap<string, Identity>;
  /** Output id → value; also under `<stack>.<output id>`. */
  outputs(): Record<string, string>;
}

export interface DeploymentOptions {
  readonly stacks: readonly Stack[];
  /** Values for `Parameters`, over the template's defaults. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly addresses: Addresses;
  readonly registrations?: ReadonlyMap<string, Identity>;
}

export function createDeployment({ stacks, parameters, addresses, registrations }: DeploymentOptions): Deployment {
  const identities = new Map<string, Identity>();
  const registered = new Map<string, Identity>(registrations);
  const inProgress = new Set<string>();
  const key = (stack: Stack, logicalId: string): string => `${stack.name}/${logicalId}`;

  const identify = (stack: Stack, logicalId: string): Identity => {
    const id = key(stack, logicalId);
    const resource = stack.template.resources.find((one) => one.logicalId === logicalId);
    if (resource === undefined) throw new Error(`${stack.name}: nothing is called ${logicalId}`);
    const known = identities.get(id);
    if (known !== undefined) return known;
    if (inProgress.has(id)) throw new Error(`${id} refers to itself`);
    inProgress.add(id);
    try {
      const base = physicalIdentity(stack, resource, (value) => resolveIn(stack, value), addresses);
      const made = registered.get(id);
      const identity = { ref: made?.ref ?? base.ref, attributes: { ...base.attributes, ...made?.attributes } };
      identities.set(id, identity);
      return identity;
    } finally {
      inProgress.delete(id);
    }
  };

  const outputOf = (stack: Stack, name: string): unknown => {
    const output = stack.template.outputs[name];
    if (output === undefined) throw new Error(`stack ${stack.name} has no output ${name}`);
    return resolveIn(stack, output.value);
  };

  const referencesOf = (stack: Stack): References => ({
    parameter: (name) => {
      const declared = stack.template.parameters[name];
      if (declared === undefined) return undefined;
      const value = parameters[name] ?? declared.default;
      if (value === undefined) throw new Error(`stack ${stack.name}: parameter ${name} has no value`);
      return value;
    },
    pseudo: (name) =>
      ({
        'AWS::AccountId': stack.account,
        'AWS::Region': stack.region,
        'AWS::Partition': stack.partition,
        'AWS::StackName': stack.name,
        'AWS::StackId': `arn:${stack.partition}:cloudformation:${stack.region}:${stack.account}:stack/${stack.name}/local`,
        'AWS::URLSuffix': stack.urlSuffix,
      })[name],
    ref: (logicalId) => identify(stack, logicalId).ref,
    attribute: (logicalId, name) => {
      const value = identify(stack, logicalId).attributes[name];
      if (value === undefined) throw new Error(`refusing to pretend: ${stack.name}/${logicalId} has no ${name} here`);
      return value;
    },
    stackOutput: (stackName, outputName) => {
      const other = stacks.find((one) => one.name === stackName);
      if (other === undefined) throw new Error(`no stack is called ${stackName}`);
      return outputOf(other, outputName);
    },
    exported: (name) => {
      for (const other of stacks) {
        for (const [id, output] of Object.entries(other.template.outputs)) {
          if (output.exportName !== undefined && resolveIn(other, output.exportName) === name)
            return outputOf(other, id);
        }
      }
      throw new Error(`no stack exports ${name}`);
    },
    condition: (name) => conditionHolds(stack, name),
    mapping: (map, top, second) => {
      const value = stack.template.mappings[map]?.[top]?.[second];
      if (value === undefined) throw new Error(`stack ${stack.name}: nothing at ${map}/${top}/${second}`);
      return value;
    },
  });

  const resolveIn = (stack: Stack, value: unknown): unknown => resolveIntrinsics(value, referencesOf(stack));

  const conditionHolds = (stack: Stack, name: string): boolean => {
    const expression = stack.template.conditions[name];
    if (expression === undefined) throw new Error(`stack ${stack.name}: no condition is called ${name}`);
    return holds(expression, referencesOf(stack));
  };

  const exists = (stack: Stack, condition: string | undefined): boolean =>
    condition === undefined || conditionHolds(stack, condition);

  const deploy = (stack: Stack, resource: TemplateResource): DeployedResource => {
    const { logicalId, type, path } = resource;
    try {
      const { ref, attributes } = identify(stack, logicalId);
      const properties = resolveIn(stack, resource.properties) as Record<string, unknown>;
      return { stack, logicalId, type, path, ref, attributes, properties };
    } catch (cause) {
      throw new Error(`${stack.name}/${logicalId} (${type}): ${(cause as Error).message}`, { cause });
    }
  };

  return {
    stacks,
    resources: (...types) =>
      stacks.flatMap((stack) =>
        stack.template.resources
          .filter((resource) => types.includes(resource.type) && exists(stack, resource.condition))
          .map((resource) => deploy(stack, resource)),
      ),
    register: ({ stack, logicalId }, identity) => {
      registered.set(key(stack, logicalId), identity);
      identities.delete(key(stack, logicalId));
    },
    registrations: () => registered,
    outputs: () => {
      const all = stacks.flatMap((stack) =>
        Object.entries(stack.template.outputs)
          .filter(([, output]) => exists(stack, output.condition))
          .map(([name]) => [stack.name, name, String(outputOf(stack, name))] as const),
      );
      return Object.fromEntries([
        ...all.map(([, name, value]) => [name, value]),
        ...all.map(([stack, name, value]) => [`${stack}.${name}`, value]),
      ]);
    },
  };
}
