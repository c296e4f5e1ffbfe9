import { parseArgs } from 'node:util';

/** What the command line asks for, or what is wrong with it. */
export type Arguments =
  | { readonly kind: 'run'; readonly summary: boolean; readonly parameters: readonly string[] }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

/** Reads the arguments of the command; what `--edition-parameter` sets is read by `editionsUnder`. */
export function readArguments(args: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        summary: { type: 'boolean', default: false },
        'edition-parameter': { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    return { kind: 'run', summary: values.summary, parameters: values['edition-parameter'] };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { kind: 'wrong', message: `不认识的命令行（${error.message}），--help显示用法` };
  }
}
