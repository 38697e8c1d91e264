import { FarhandError } from '@farhand/shared/errors/farhand-error';

/** What came of a call: its value, or the code of the error that a person would see. Anything else is thrown on. */
export async function settled<Value>(call: Promise<Value>): Promise<{ value: Value } | { code: string }> {
  try {
    return { value: await call };
  } catch (error) {
    if (!FarhandError.is(error)) throw error;
    return { code: error.code };
  }
}
