import { z } from 'zod';

type Json = { [key: string]: unknown };

/** JSON schemas of calls; what refers to itself stands once under `components`. */
export interface Schemas {
  /** `name` has to be new. */
  add(name: string, schema: z.ZodType, io: 'input' | 'output'): Json;
  /** What was set apart so far. */
  readonly components: Readonly<Record<string, Json>>;
}

export function createSchemas(): Schemas {
  const components: Record<string, Json> = {};
  return {
    components,
    add(name, schema, io) {
      const {
        $schema: _dialect,
        $defs = {},
        ...own
      } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
      const rename = (ref: string) =>
        ref === '#'
          ? `#/components/schemas/${name}`
          : ref.replace(/^#\/\$defs\//, `#/components/schemas/${name}.`);
      for (const [key, definition] of Object.entries($defs as Record<string, Json>))
        components[`${name}.${key}`] = withRefs(definition, rename) as Json;
      const whole = withRefs(own, rename) as Json;
      if (JSON.stringify(own).includes('"$ref":"#"')) components[name] = whole;
      return whole;
    },
  };
}

function withRefs(value: unknown, rename: (ref: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => withRefs(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? rename(inner) : withRefs(inner, rename),
    ]),
  );
}
