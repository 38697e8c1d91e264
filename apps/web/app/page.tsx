import { Page } from '@/features/shell/page.tsx';

export default function Index() {
  return <Page />;
}
