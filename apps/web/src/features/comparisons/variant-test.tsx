import type { Comparison, Variant } from '@farhand/shared/model/comparisons';
import { Button } from '@/ui/button.tsx';
import { Output } from '../transcript/output.tsx';
import { runTests } from './comparison-actions.ts';

/** The end of what a variant's test printed, and the button that runs it again. */
export function VariantTestOutput({
  comparison,
  variant,
}: {
  readonly comparison: Comparison;
  readonly variant: Variant;
}) {
  const { test } = variant;
  return (
    <section aria-label="Test output" className="mt-2 flex flex-col gap-2 pl-6 phone:pl-0">
      {test && test.output !== '' ? (
        <Output text={test.output} isLive={test.state === 'running'} label="Test output" />
      ) : (
        <p className="text-small text-text-3">
          {test?.state === 'running' ? 'Nothing printed yet.' : 'It printed nothing.'}
        </p>
      )}
      <Button
        size="small"
        className="w-fit phone:h-11"
        disabled={test?.state === 'running' || comparison.testCommand === null}
        onClick={() => runTests(comparison.id, { variantId: variant.id })}
      >
        Run it again
      </Button>
    </section>
  );
}
