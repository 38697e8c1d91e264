import { z } from 'zod';
import { modelProvider, providerKind } from '../../model/models.ts';
import { call, none } from './call.ts';

/** Calls about models and who serves them. See `calls`. */
export const modelCalls = {
  'model.list': call(
    none,
    z.object({ providers: z.array(modelProvider), defaultModel: z.string().nullable() }),
  ),
  /** `key: null` leaves a stored key as it is. */
  'model.set': call(
    z.object({
      id: modelProvider.shape.id,
      kind: providerKind,
      baseUrl: z.url({ protocol: /^https?$/ }).nullable(),
      key: z.string().max(4096).nullable(),
      models: z.array(z.string().min(1).max(200)).max(100),
    }),
    z.object({ provider: modelProvider }),
  ),
  'model.remove': call(z.object({ id: modelProvider.shape.id }), none),
  'model.set_default': call(z.object({ model: z.string().nullable() }), none),
} as const;
