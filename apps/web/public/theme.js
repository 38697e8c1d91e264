// Runs before the first paint, so that the page never flashes in the wrong colours. src/client/appearance.ts writes the keys.
(() => {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const apply = () => {
    const theme = read('farhand.theme');
    root.dataset.theme = theme === 'dark' || theme === 'light' ? theme : system.matches ? 'dark' : 'light';
    root.dataset.textSize = read('farhand.text-size') ?? 'normal';
  };
  apply();
  system.addEventListener('change', apply);
  addEventListener('storage', apply);
  addEventListener('farhand:appearance', apply);
})();
