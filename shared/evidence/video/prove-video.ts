import { BudgetExhausted, DEFAULT_BUDGETS, type ProofBudgets } from './budgets.ts';
import { MalformedVideo } from './byte-view.ts';
import { type Conclusion, conclude } from './conclusion.ts';
import { sniffContainer } from './container-sniffer.ts';
import { FIRST_READ_BYTES } from './iso/layout.ts';
import { proveIso } from './iso/prove-iso.ts';
import { RangeReader } from './range-reader.ts';
import { type RangeSource, SourceReadError } from './range-source.ts';
import type { ClassDates } from './recording-date.ts';
import { verdictMessage } from './verdict-message.ts';
import type { VideoProof } from './video-proof.ts';

/** 培训授课视频, each at least two minutes long (温人社发〔2020〕58号, 一(二)2(1)). */
const REQUIRED_MS = 120_000;

export interface ProofOptions {
  /** Milliseconds of video that must be in the object; 120,000 unless told. */
  readonly requiredMs?: number;
  /** For the flag `recorded-outside-class`, which is not raised without. */
  readonly classDates?: ClassDates;
  readonly budgets?: Partial<ProofBudgets>;
  /** A clock that only moves forwards, in milliseconds. */
  readonly now?: () => number;
}

async function examine(reader: RangeReader, budgets: ProofBudgets, options: ProofOptions): Promise<Conclusion> {
  if (reader.size === 0) return conclude({ verdict: 'unreadable', subject: '文件是空的', detail: 'empty object' });
  const head = await reader.read(0, Math.min(reader.size, FIRST_READ_BYTES));
  const sniffed = sniffContainer(head);
  switch (sniffed.family) {
    case 'iso':
      return proveIso({
        reader,
        budgets,
        requiredMs: options.requiredMs ?? REQUIRED_MS,
        classDates: options.classDates ?? null,
      });
    case 'other': {
      const { container, name } = sniffed;
      return conclude({
        verdict: 'unsupported',
        subject: ` ${name} 格式`,
        container,
        detail: `container ${container}`,
      });
    }
    case 'not-video': {
      const { mediaType, name } = sniffed.file;
      return conclude({ verdict: 'not-video', subject: `是${name}`, container: mediaType, detail: mediaType });
    }
    case 'zeros':
      return conclude({ verdict: 'unreadable', subject: '文件内容全部为零', detail: 'zeros' });
    default:
      return conclude({ verdict: 'unreadable', subject: '无法识别文件格式', detail: 'unknown container' });
  }
}

/** Every way in which a file can defeat the prover is a verdict about the file; only the source's failure is not. */
function concludeFrom(error: unknown): Conclusion {
  if (error instanceof SourceReadError) throw error;
  if (error instanceof BudgetExhausted) return conclude({ verdict: 'too-costly', detail: error.message });
  const subject = '文件结构已损坏';
  if (error instanceof MalformedVideo) return conclude({ verdict: 'unreadable', subject, detail: error.message });
  const defect = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return conclude({ verdict: 'unreadable', subject, detail: `defect in the prover: ${defect}` });
}

/**
 * Measures how much video really is in an object, by ranged reads, and says so in one sentence.
 * No count, size or offset in the file is believed before it is held against the object's size, and every cost is budgeted.
 * @throws SourceReadError when the source fails: nothing is known about the video then, and another try may tell
 */
export async function proveVideo(source: RangeSource, options: ProofOptions = {}): Promise<VideoProof> {
  const budgets = { ...DEFAULT_BUDGETS, ...options.budgets };
  const requiredMs = options.requiredMs ?? REQUIRED_MS;
  const reader = new RangeReader(source, budgets, options.now ?? (() => performance.now()));
  const { subject, ...facts } = await examine(reader, budgets, options).catch(concludeFrom);
  const { requests, bytesRead } = reader;
  return {
    ...facts,
    requiredMs,
    bytesRead,
    requests,
    message: verdictMessage(facts.verdict, { ...facts, requiredMs, subject }),
  };
}
