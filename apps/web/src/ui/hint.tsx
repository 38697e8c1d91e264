/** A hint of the error table: what stands in backticks there is code here. */
export function Hint({ text }: { readonly text: string }) {
  return text.split('`').map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // The parts of one sentence keep their places.
      <code key={index} className="rounded-small bg-hover px-1 text-[0.92em] break-words">
        {part}
      </code>
    ),
  );
}
