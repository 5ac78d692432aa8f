import type { LetterTemplate } from './catalogue';
import type { Problem, RecipientValues } from './values';

/** The lines in the window of the envelope: the name, then the address. */
export function printedAddress({ name, addressLines }: RecipientValues): string[] {
  const same = addressLines[0]?.trim().toLowerCase() === name.trim().toLowerCase();
  return same ? addressLines : [name, ...addressLines];
}

/** ZZ99 stands for no place at all: the invented people of a demonstration live there. */
const postcode = /^(GIR ?0AA|ZZ99 ?\d[A-Z]{2}|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})$/i;

/** The print service's rules for an address (GOV.UK Notify, precompiled letters). */
export function addressProblems(template: LetterTemplate, recipient: RecipientValues): Problem[] {
  const byPost = template.channel.startsWith('family');
  const lines = printedAddress(recipient);
  // Settings and partners are written to through the portal or secure email, and may have no postal address here.
  if (!byPost && recipient.addressLines.length === 0) return [];
  const problem = (wayOut: string): Problem => ({ rule: 'address', field: 'recipient.addressLines', wayOut });
  return [
    ...(lines.length < 3 || lines.length > 7 ? [problem('Give a name and address of 3 to 7 lines in all.')] : []),
    ...(postcode.test(lines.at(-1)?.trim() ?? '') ? [] : [problem('End the address with a full UK postcode.')]),
    ...(lines.slice(0, 2).every((line) => /[\p{L}\p{N}]/u.test(line))
      ? []
      : [problem('The first two lines must each have a letter or a number.')]),
    ...(lines.some((line) => /^\s*[@()=[\]"\\/,<>~]/.test(line))
      ? [problem('No line may begin with @ ( ) = [ ] " \\ / , < > or ~.')]
      : []),
    ...(lines.some((line) => /\bno fixed (abode|address)\b|\bNFA\b/i.test(line))
      ? [problem('Post cannot reach "no fixed abode". Choose another way to send this letter.')]
      : []),
  ];
}
