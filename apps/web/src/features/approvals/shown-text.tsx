import { memo } from 'react';
import { visibleParts } from './visible-text.ts';

/** Text from an agent or a host, as text; what would not be seen is drawn as a marked escape. */
export const ShownText = memo(function ShownText({ text }: { readonly text: string }) {
  return visibleParts(text).map((part, index) =>
    part.isEscape ? (
      // The parts of one text keep their places.
      <span key={index} className="approval-escape">
        {part.text}
      </span>
    ) : (
      part.text
    ),
  );
});
