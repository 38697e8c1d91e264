/** For a `ref` around a card: gives it the focus, in which its keys work, also where its code is still on its way. */
export function focusCard(element: HTMLElement | null): (() => void) | undefined {
  if (!element) return;
  const focus = () => {
    const card = element.querySelector<HTMLElement>('[data-approval]');
    card?.focus({ preventScroll: true });
    return card !== null;
  };
  if (focus()) return;
  const observer = new MutationObserver(() => focus() && observer.disconnect());
  observer.observe(element, { childList: true, subtree: true });
  return () => observer.disconnect();
}
