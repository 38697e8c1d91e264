import { type ComponentProps, isValidElement, type ReactNode } from 'react';
import { type Components, Streamdown } from 'streamdown';
import { CopyButton } from './copy-button.tsx';
import { safeUrl } from './safe-url.ts';

/** What Markdown is drawn of. */
export interface MarkdownProps {
  readonly text: string;
  /** True while more is coming: an unfinished end is drawn as if it were finished. */
  readonly isStreaming: boolean;
}

/**
 * Markdown that an agent wrote. No raw HTML (it shows as text), no pictures from the network (they become links), links
 * to http, https and mailto only. Loaded lazily: the parser is the page's largest part.
 */
export default function MarkdownView({ text, isStreaming }: MarkdownProps) {
  return (
    <Streamdown
      className="markdown"
      mode={isStreaming ? 'streaming' : 'static'}
      parseIncompleteMarkdown={isStreaming}
      rehypePlugins={NO_PLUGINS}
      urlTransform={keepSafe}
      components={COMPONENTS}
      controls={false}
      linkSafety={NO_MODAL}
    >
      {text}
    </Streamdown>
  );
}

// Without the plugin for raw HTML every element comes from markdown itself.
const NO_PLUGINS: [] = [];
const NO_MODAL = { enabled: false };
const keepSafe = (url: string) => safeUrl(url) ?? '';

const COMPONENTS: Components = {
  a: ({ href, children }) => <Link href={href}>{children}</Link>,
  img: ({ src, alt }) => (
    <Link href={typeof src === 'string' ? src : undefined}>{alt ? `Picture: ${alt}` : 'Picture'}</Link>
  ),
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
  code: ({ children, className }) => (
    <code className={typeof className === 'string' ? className : undefined}>{children}</code>
  ),
  table: ({ children }) => (
    <div className="markdown-table">
      <table>{children}</table>
    </div>
  ),
};

function Link({ href, children }: { readonly href: string | undefined; readonly children: ReactNode }) {
  const url = href ? safeUrl(href) : null;
  if (!url) return <span>{children}</span>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow" title={url}>
      {children}
    </a>
  );
}

function CodeBlock({ children }: { readonly children: ReactNode }) {
  const language = languageOf(children);
  return (
    <div className="markdown-code">
      <div className="markdown-code-head">
        <span>{language}</span>
        <CopyButton label="Copy code" text={() => textOf(children).replace(/\n$/, '')} />
      </div>
      <pre tabIndex={0}>{children}</pre>
    </div>
  );
}

type WithChildren = ComponentProps<'code'>;

function languageOf(children: ReactNode): string {
  const name = isValidElement<WithChildren>(children) ? children.props.className : undefined;
  return /language-([\w+#.-]{1,24})/.exec(name ?? '')?.[1] ?? '';
}

function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map(textOf).join('');
  return isValidElement<WithChildren>(node) ? textOf(node.props.children) : '';
}
