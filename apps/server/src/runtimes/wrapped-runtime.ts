import type { Files, Jobs, Runtime } from '@farhand/shared/runtime/port';

/** What is done in another way; the rest stays as it is. */
interface Wrapping {
  readonly jobs?: Partial<Jobs>;
  readonly files?: Partial<Files>;
  readonly exec?: Runtime['exec'];
}

/** The runtime, but with these of its methods. */
export function wrapRuntime(runtime: Runtime, { jobs, files, exec }: Wrapping): Runtime {
  return withMembers(runtime, {
    ...(jobs && { jobs: withMembers(runtime.jobs, jobs) }),
    ...(files && { files: withMembers(runtime.files, files) }),
    ...(exec && { exec }),
  });
}

// Methods of classes need their own object; everything but the given goes to it.
function withMembers<Whole extends object>(whole: Whole, members: Partial<Whole>): Whole {
  return new Proxy(whole, {
    get(target, name) {
      if (Object.hasOwn(members, name)) return Reflect.get(members, name);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
