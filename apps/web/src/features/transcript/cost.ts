/** US dollars as a person reads them: `$0.004`, `$0.42`, `$12.30`; what is less than a tenth of a cent `<$0.001`. */
export function formatCost(usd: number): string {
  if (usd <= 0) return '$0';
  if (usd < 0.001) return '<$0.001';
  return usd < 0.1 ? `$${usd.toFixed(3)}` : `$${usd.toFixed(2)}`;
}
