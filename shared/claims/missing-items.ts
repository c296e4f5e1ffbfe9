import type { VerifiedEvidence } from '../evidence/evidence.ts';
import type { Finding, MaterialKind } from '../regulation/contract.ts';
import { MATERIAL_TERMS, materialKindSchema } from '../regulation/contract.ts';

/** Something that a claim cannot be handed in without (材料受理, 二(一)). */
export interface MissingItem {
  /** a material, `teaching-video`, or the rule that is not met */
  kind: string;
  article: string;
  /** a Chinese sentence that says what to bring */
  message: string;
}

function pendingNote(count: number): string {
  return count === 0 ? '' : `；已上传的${count}份还在核验，核验通过后即计入`;
}

/**
 * What is missing, item by item, from the claim-level findings that the applicant can mend. Uploads whose verdict is
 * still out are told with what they would supply: they count once they are proven.
 */
export function missingItems(findings: readonly Finding[], pending: VerifiedEvidence['pending']): MissingItem[] {
  const waiting = (kind: string) => pending.filter((upload) => upload.kind === kind).length;
  return findings
    .filter(({ outcome, correctable }) => outcome === 'fail' && correctable)
    .flatMap(({ rule, article, message, facts }): MissingItem[] => {
      if (rule === 'evidence.materials') {
        const kinds = materialKindSchema.array().parse(facts['missing']);
        return kinds.map((kind: MaterialKind) => {
          return {
            kind,
            article,
            message: `缺少${MATERIAL_TERMS[kind]}，请上传（${article}）${pendingNote(waiting(kind))}`,
          };
        });
      }
      if (rule === 'evidence.videos')
        return [{ kind: 'teaching-video', article, message: `${message}${pendingNote(waiting('teaching-video'))}` }];
      return [{ kind: rule, article, message }];
    });
}
